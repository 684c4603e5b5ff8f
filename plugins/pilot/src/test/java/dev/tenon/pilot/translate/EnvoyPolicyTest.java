package dev.tenon.pilot.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.support.Read;
import dev.tenon.pilot.support.Town;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.PolicyRules.Action;
import dev.tenon.spi.rules.PolicyRules.HeaderRule;
import dev.tenon.spi.rules.PolicyRules.InstanceRule;
import dev.tenon.spi.rules.PolicyRules.Rule;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a real Envoy is told of policy: whom to ask about what, and nothing where no rule selects it. */
class EnvoyPolicyTest {
  private static final Position AT = new Position("policy.yaml", 3, 5);
  private final Town town = Town.bookinfo();
  private final Proxy envoy = Town.sidecar("reviews-v1", "default", "127.0.0.13", false);
  private final List<InstanceRule> instances = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  private EnvoyPolicyTest with(String template, String match, boolean open, String... params) {
    Map<String, Node> fields = new LinkedHashMap<>();
    for (int i = 0; i < params.length; i++) {
      fields.put("field" + i, new Node.Text(params[i], AT));
    }
    instances.add(new InstanceRule(new Meta("default", template, AT), template, new Node.Mapping(new LinkedHashMap<>(fields), AT)));
    rules.add(new Rule(new Meta("default", template, AT), match, AT, List.of(new Action("handler", List.of(template))), open));
    return this;
  }

  private EnvoyPolicyTest with(HeaderRule.Operation operation, boolean open) {
    HeaderRule change = new HeaderRule(operation, "x-tag", List.of());
    rules.add(new Rule(new Meta("default", "heads", AT), "", AT, List.of(), open, false, List.of(), List.of(change)));
    return this;
  }

  private HttpConnectionManager told(Proxy proxy) {
    town.add(new PolicyRules("default", List.of(), instances, rules));
    return Read.manager(town.snapshot(proxy), proxy.address() + "_9080");
  }

  private HttpConnectionManager told() {
    return told(envoy);
  }

  private static List<String> filters(HttpConnectionManager manager) {
    return manager.getHttpFiltersList().stream().map(HttpFilter::getName).filter(name -> !name.endsWith(".fault") && !name.endsWith(".router")).toList();
  }

  private static int refusal(HttpConnectionManager manager) {
    return manager.getRouteConfig().getVirtualHosts(0).getRoutes(0).getDirectResponse().getStatus();
  }

  private static ExtAuthz authorization(HttpConnectionManager manager) {
    assertThat(filters(manager)).containsExactly("envoy.filters.http.ext_authz");
    return Read.unpack(manager.getHttpFilters(0).getTypedConfig(), ExtAuthz.class);
  }

  private static RateLimit limit(HttpConnectionManager manager) {
    assertThat(filters(manager)).containsExactly("envoy.filters.http.ratelimit");
    return Read.unpack(manager.getHttpFilters(0).getTypedConfig(), RateLimit.class);
  }

  private boolean hasCluster() {
    return town.snapshot(envoy).of(ResourceType.CDS).containsKey(PolicyService.CLUSTER);
  }

  @Test
  void whereThereAreNoRulesNobodyIsAsked() {
    HttpConnectionManager manager = told();
    assertThat(filters(manager)).isEmpty();
    assertThat(manager.getAccessLogCount()).isZero();
    assertThat(hasCluster()).isFalse();
  }

  @Test
  void aCheckIsAskedAboutInTheNameOfTheCalledSide() {
    ExtAuthz asked = authorization(with("checknothing", "request.method == \"PUT\"", false).told());
    GrpcService service = asked.getGrpcService();
    assertThat(service.getEnvoyGrpc().getClusterName()).isEqualTo(PolicyService.CLUSTER);
    assertThat(service.getTimeout().getSeconds()).isEqualTo(1);
    assertThat(service.getInitialMetadata(0).getKey()).isEqualTo("tenon-called");
    assertThat(service.getInitialMetadata(0).getValue())
        .startsWith("policy=default&destination.ip=127.0.0.13&")
        .contains("&destination.labels.app=reviews&", "&destination.port=9080&", "&destination.uid=kubernetes~3A~2F~2Freviews-v1.default&", "&destination.service.host=reviews.default.svc.cluster.local&");
    assertThat(asked.getFailureModeAllow()).isFalse();
    assertThat(asked.getStatusOnError().getCodeValue()).isEqualTo(503);
    assertThat(hasCluster()).isTrue();
    assertThat(Read.manager(town.snapshot(Town.sidecar("reviews-v1", "127.0.0.13")), "127.0.0.13_9080").getHttpFilters(0).getName())
        .as("Tenon's own sidecar judges itself")
        .isEqualTo("dev.tenon.policy");
  }

  @Test
  void aRuleThatIsForAnotherServiceSelectsItNot() {
    with("checknothing", "destination.labels[\"app\"] == \"ratings\" && request.method == \"PUT\"", false);
    assertThat(filters(told())).isEmpty();
    assertThat(hasCluster()).isFalse();
    assertThat(filters(told(Town.sidecar("ratings-v1", "default", "127.0.0.16", false)))).containsExactly("envoy.filters.http.ext_authz");
    rules.clear();
    with("quota", "(destination.service.host | \"\") == \"ratings.default.svc.cluster.local\"", false);
    assertThat(filters(told())).as("as a RateLimit says it").isEmpty();
    with("listentry", "(destination.labels[\"app\"] == \"ratings\") || request.method == \"PUT\"", false);
    assertThat(filters(told())).as("one that may match all the same, as a limit for another may not").containsExactly("envoy.filters.http.ext_authz");
  }

  @Test
  void requestsGoOnWithoutAnAnswerOnlyIfEachOfTheRulesLetsThem() {
    assertThat(authorization(with("checknothing", "", true).told()).getFailureModeAllow()).isTrue();
    assertThat(authorization(with("listentry", "", false).told()).getFailureModeAllow()).as("closed wins").isFalse();
  }

  @Test
  void policyThatOnlyLimitsIsAskedByTheHeadersThatItReads() {
    HttpConnectionManager manager =
        with("quota", "request.path != \"/health\"", true, "request.headers[\"X-User\"] | \"nobody\"", "request.useragent").told();
    RateLimit limit = limit(manager);
    assertThat(limit.getDomain()).isEqualTo("tenon");
    assertThat(limit.getFailureModeDeny()).isFalse();
    assertThat(limit.getRateLimitService().getGrpcService().getInitialMetadata(0).getKey()).isEqualTo("tenon-called");
    var actions = manager.getRouteConfig().getVirtualHosts(0).getRoutes(0).getRoute().getRateLimits(0).getActionsList();
    assertThat(actions.getFirst().hasGenericKey()).as("one that no request lacks").isTrue();
    assertThat(actions.subList(1, actions.size()))
        .allSatisfy(each -> assertThat(each.getRequestHeaders().getSkipIfAbsent()).isTrue())
        .extracting(each -> each.getRequestHeaders().getDescriptorKey())
        .containsExactly("header.:authority", "header.:method", "header.:path", "header.user-agent", "header.x-user");

    assertThat(limit(with("quota", "", false).told()).getFailureModeDeny()).isTrue();
  }

  @Test
  void limitsThatReadWhatDescriptorsDoNotCarryOrStandBesideChecksAreAskedWithThese() {
    assertThat(filters(with("quota", "", false, "source.labels[\"app\"]").told())).containsExactly("envoy.filters.http.ext_authz");
    rules.clear();
    assertThat(filters(with("quota", "request.headers[request.path] == \"a\"", false).told())).containsExactly("envoy.filters.http.ext_authz");
    rules.clear();
    assertThat(filters(with("quota", "", false).with("checknothing", "", false).told())).containsExactly("envoy.filters.http.ext_authz");
  }

  @Test
  void rulesThatReportAreToldByTheAccessLogAndCloseNothing() {
    HttpConnectionManager manager =
        with("metric", "", false, "response.code", "request.headers[\"x-user\"]", "response.headers[`x-build`] | \"\"").told();
    assertThat(filters(manager)).isEmpty();
    assertThat(refusal(manager)).isZero();
    HttpGrpcAccessLogConfig log = Read.unpack(manager.getAccessLog(0).getTypedConfig(), HttpGrpcAccessLogConfig.class);
    assertThat(log.getCommonConfig().getGrpcService().getInitialMetadata(0).getValue()).startsWith("policy=default&");
    assertThat(log.getAdditionalRequestHeadersToLogList()).containsExactly("x-user");
    assertThat(log.getAdditionalResponseHeadersToLogList()).containsExactly("x-build");
    assertThat(hasCluster()).isTrue();
  }

  @Test
  void whatEnvoyCannotDoClosesItsRoutesUnlessTheRuleIsOpenAndAnOperatorIsTold() {
    HttpConnectionManager manager = with("checknothing", "", false).with(HeaderRule.Operation.REMOVE, false).told();
    assertThat(refusal(manager)).isEqualTo(503);
    assertThat(filters(manager)).isEmpty();
    assertThat(town.snapshot(envoy).notes()).singleElement().asString().startsWith("its routes answer 503: rule default/heads takes a header");

    rules.clear();
    manager = with("checknothing", "", false).with(HeaderRule.Operation.REMOVE, true).told();
    assertThat(refusal(manager)).isZero();
    assertThat(filters(manager)).containsExactly("envoy.filters.http.ext_authz");
    assertThat(town.snapshot(envoy).notes()).singleElement().asString().startsWith("passed over: rule default/heads");
  }

  @Test
  void anEnvoyElsewhereAsksByAClusterOfItsOwn() {
    Proxy own = elsewhere("control-plane");
    assertThat(authorization(with("checknothing", "", false).told(own)).getGrpcService().getEnvoyGrpc().getClusterName()).isEqualTo("control-plane");
    assertThat(town.snapshot(own).of(ResourceType.CDS)).doesNotContainKey(PolicyService.CLUSTER);
    Proxy none = elsewhere("");
    assertThat(refusal(told(none))).isEqualTo(503);
    assertThat(town.snapshot(none).notes()).singleElement().asString().contains("TENON_POLICY_CLUSTER");
  }

  private Proxy elsewhere(String cluster) {
    return new Proxy(
        envoy.id(), envoy.kind(), envoy.name(), envoy.namespace(), envoy.address(), envoy.labels(), envoy.httpProxyPort(), envoy.outboundBind(),
        envoy.accessLog(), cluster, false, envoy.userAgent());
  }
}

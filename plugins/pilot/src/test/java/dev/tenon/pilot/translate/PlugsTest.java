package dev.tenon.pilot.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.xds.type.v3.TypedStruct;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.support.Read;
import dev.tenon.pilot.support.Town;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.DestinationRule.Balancer;
import dev.tenon.spi.rules.DestinationRule.PlugBalancer;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.spi.rules.FilterRule.Mode;
import dev.tenon.spi.rules.FilterRule.Phase;
import dev.tenon.spi.rules.Meta;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where plug-ins are asked for, in resources that any client of xDS can take. */
class PlugsTest {
  private static final Position AT = new Position("plugs.yaml", 2, 3);
  private static final String INBOUND = "127.0.0.13_9080";
  private static final String OUTBOUND = "127.0.0.13_15002";
  private static final Node.Mapping CONFIG =
      new Node.Mapping(new LinkedHashMap<>(Map.of("header", new Node.Text("x-tag", AT))), AT);
  private final Town town = Town.bookinfo();
  private final Proxy tenon = Town.sidecar("reviews-v1", "127.0.0.13");
  private final Proxy envoy = Town.sidecar("reviews-v1", "default", "127.0.0.13", false);

  private static FilterRule filter(String key, Mode mode, Phase phase, int priority, boolean open) {
    int slash = key.indexOf('/');
    return new FilterRule(
        new Meta(key.substring(0, slash), key.substring(slash + 1), AT),
        Map.of("app", "reviews"), mode, phase, priority, "tag", CONFIG, open);
  }

  private static FilterRule filter(String key, Phase phase, int priority) {
    return filter(key, Mode.SERVER, phase, priority, false);
  }

  private HttpConnectionManager manager(Proxy proxy, String listener) {
    return Read.manager(town.snapshot(proxy), listener);
  }

  private List<String> names(Proxy proxy, String listener) {
    return manager(proxy, listener).getHttpFiltersList().stream().map(HttpFilter::getName).toList();
  }

  @Test
  void filtersStandInTheOrderOfTheirPhasesRoundPolicy() {
    town.add(filter("default/late", Phase.UNSPECIFIED_PHASE, 9))
        .add(filter("default/stats", Phase.STATS, 0))
        .add(filter("default/b", Phase.AUTHZ, 1))
        .add(filter("istio-system/z", Phase.AUTHZ, 1))
        .add(filter("default/urgent", Phase.AUTHZ, 5))
        .add(filter("default/who", Phase.AUTHN, -5))
        .add(filter("elsewhere/other", Phase.AUTHN, 0));
    assertThat(names(tenon, INBOUND))
        .containsExactly(
            "dev.tenon.plug/default/who",
            "dev.tenon.plug/default/urgent",
            "dev.tenon.plug/istio-system/z",
            "dev.tenon.plug/default/b",
            "dev.tenon.policy",
            "dev.tenon.plug/default/stats",
            "dev.tenon.plug/default/late",
            "envoy.filters.http.fault",
            "envoy.filters.http.router");
  }

  @Test
  void aFilterIsForTheWorkloadsThatItSelectsAndTheWayItNames() {
    town.add(filter("default/in", Mode.SERVER, Phase.STATS, 0, false))
        .add(filter("default/out", Mode.CLIENT, Phase.STATS, 0, false))
        .add(filter("default/ways", Mode.CLIENT_AND_SERVER, Phase.STATS, 0, false));
    assertThat(names(tenon, INBOUND)).contains("dev.tenon.plug/default/in", "dev.tenon.plug/default/ways").doesNotContain("dev.tenon.plug/default/out");
    assertThat(names(tenon, OUTBOUND)).contains("dev.tenon.plug/default/out", "dev.tenon.plug/default/ways").doesNotContain("dev.tenon.plug/default/in");
    Proxy details = Town.sidecar("details-v1", "127.0.0.12");
    assertThat(names(details, "127.0.0.12_15002")).noneMatch(name -> name.startsWith("dev.tenon.plug"));
  }

  @Test
  void whatAFilterIsToldIsWhatWasWritten() {
    town.add(filter("default/tag", Mode.SERVER, Phase.AUTHN, 0, true));
    HttpFilter written = manager(tenon, INBOUND).getHttpFilters(0);
    assertThat(written.getIsOptional()).isTrue();
    TypedStruct said = Read.unpack(written.getTypedConfig(), TypedStruct.class);
    assertThat(said.getTypeUrl()).isEqualTo("type.googleapis.com/dev.tenon.traffic.v1.RequestFilter");
    assertThat(said.getValue().getFieldsOrThrow("plugin").getStringValue()).isEqualTo("tag");
    assertThat(said.getValue().getFieldsOrThrow("on_failure").getStringValue()).isEqualTo("OPEN");
    assertThat(said.getValue().getFieldsOrThrow("origin").getStringValue()).isEqualTo("plugs.yaml:2:3");
    assertThat(said.getValue().getFieldsOrThrow("config").getStructValue().getFieldsOrThrow("header").getStringValue())
        .isEqualTo("x-tag");
  }

  @Test
  void anEnvoyPassesAnOpenFilterOverAndRefusesForAClosedOne() {
    town.add(filter("default/tag", Mode.CLIENT_AND_SERVER, Phase.AUTHN, 0, true));
    for (String listener : List.of(INBOUND, OUTBOUND)) {
      assertThat(manager(envoy, listener).getHttpFilters(0).getIsOptional()).isTrue();
      assertThat(refusal(envoy, listener)).isZero();
    }
    town.add(filter("default/must", Mode.CLIENT_AND_SERVER, Phase.AUTHN, 0, false));
    for (String listener : List.of(INBOUND, OUTBOUND)) {
      assertThat(refusal(envoy, listener)).isEqualTo(503);
      assertThat(names(envoy, listener)).as("nothing that it would refuse the listener for").noneMatch(name -> name.startsWith("dev.tenon"));
      assertThat(refusal(tenon, listener)).isZero();
    }
  }

  private int refusal(Proxy proxy, String listener) {
    var table = manager(proxy, listener).getRouteConfig();
    return table.getVirtualHostsCount() == 0 ? 0 : table.getVirtualHosts(0).getRoutes(0).getDirectResponse().getStatus();
  }

  @Test
  void aBalancerIsTheFirstChoiceAndTheStandardOneTheSecond() {
    String name = "outbound|9080||reviews.default.svc.cluster.local";
    assertThat(Read.cluster(town.snapshot(tenon), name).hasLoadBalancingPolicy()).isFalse();
    assertThat(labelled(name)).isFalse();
    TrafficPolicy policy =
        new TrafficPolicy(
            Balancer.RANDOM, Optional.of(new PlugBalancer("sticky", CONFIG)), Optional.empty(), Optional.empty(), Optional.empty());
    town.add(new DestinationRule(new Meta("default", "reviews", AT), "reviews", policy, List.of(), List.of("*")));
    for (Proxy proxy : List.of(tenon, envoy)) {
      var policies = Read.cluster(town.snapshot(proxy), name).getLoadBalancingPolicy().getPoliciesList();
      assertThat(policies).hasSize(2);
      TypedStruct first = Read.unpack(policies.get(0).getTypedExtensionConfig().getTypedConfig(), TypedStruct.class);
      assertThat(first.getTypeUrl()).isEqualTo("type.googleapis.com/dev.tenon.traffic.v1.Balancer");
      assertThat(first.getValue().getFieldsOrThrow("plugin").getStringValue()).isEqualTo("sticky");
      assertThat(policies.get(1).getTypedExtensionConfig().getName()).isEqualTo("envoy.load_balancing_policies.random");
    }
    assertThat(labelled(name)).as("a balancer is told who its endpoints are").isTrue();
    assertThat(labelled("outbound|9080||details.default.svc.cluster.local")).as("others are not").isFalse();
  }

  private boolean labelled(String cluster) {
    Resource resource = Objects.requireNonNull(town.snapshot(tenon).of(ResourceType.EDS).get(cluster));
    return Read.unpack(resource.body(), ClusterLoadAssignment.class).getEndpointsList().stream()
        .flatMap(place -> place.getLbEndpointsList().stream())
        .anyMatch(each -> each.getMetadata().getFilterMetadataMap().containsKey("envoy.lb"));
  }
}

package dev.tenon.mixer.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import dev.tenon.adapter.denier.Denier;
import dev.tenon.adapter.memquota.MemQuota;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Told;
import dev.tenon.mixer.Yaml;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of a process, asked for by a real Envoy's three services. */
class EnvoyServicesTest {
  private static final String REVIEWS =
      "policy=default~2Cistio-system&destination.service.name=reviews&destination.labels.app=reviews&destination.namespace=default&destination.name=reviews-v1";

  private static final String DENY =
      """
      kind: handler
      metadata: {name: refuse}
      spec: {compiledAdapter: denier, params: {status: {code: 7, message: not you}}}
      ---
      kind: instance
      metadata: {name: nothing}
      spec: {compiledTemplate: checknothing}
      ---
      kind: rule
      metadata: {name: no-ratings}
      spec:
        match: destination.labels["app"] == "reviews" && source.labels["app"] == "ratings"
        actions: [{handler: refuse, instances: [nothing]}]
      """;

  private static final String LIMIT =
      """
      kind: handler
      metadata: {name: limit}
      spec:
        compiledAdapter: memquota
        params: {quotas: [{name: requests, maxAmount: 2, validDuration: 600s, rateLimitAlgorithm: FIXED_WINDOW}]}
      ---
      kind: instance
      metadata: {name: requests}
      spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"] | "nobody"'}}}
      ---
      kind: rule
      metadata: {name: limits}
      spec: {match: 'request.method == "GET"', actions: [{handler: limit, instances: [requests]}]}
      """;

  private final SmallKernel kernel = SmallKernel.start();

  @AfterEach
  void close() {
    kernel.close();
  }

  private AskingEnvoy envoy(String yaml) {
    kernel.configure(Yaml.policy(yaml));
    return new AskingEnvoy(kernel.services(), REVIEWS, List.of());
  }

  private static Registry registry(Workload... workloads) {
    Cell<Catalog> catalog = new Cell<>(new Catalog(Map.of(), List.of(workloads).stream().collect(Collectors.toMap(Workload::key, each -> each))));
    return new Registry() {
      @Override
      public String name() {
        return "vm";
      }

      @Override
      public Source<Catalog> catalog() {
        return catalog;
      }

      @Override
      public Source<RegistryState> state() {
        return new Cell<>();
      }
    };
  }

  private static String headers(List<HeaderValueOption> headers) {
    return headers.stream().map(each -> each.getHeader().getKey() + "=" + each.getHeader().getValue()).sorted().collect(Collectors.joining(" "));
  }

  private static String plain(List<HeaderValue> headers) {
    return headers.stream().map(each -> each.getKey() + "=" + each.getValue()).sorted().collect(Collectors.joining(" "));
  }

  @Test
  void aProcessWithoutRulesOffersThemNot() {
    int others = kernel.services().size();
    kernel.configure(Yaml.policy(DENY));
    assertThat(kernel.services()).hasSize(others + 3);
  }

  @Test
  void aCallerIsKnownByItsAddressAndDeniedInTheRulesWords() {
    kernel.install(new Denier());
    kernel.register(
        registry(new Workload("ratings-v1", "default", "", "127.0.0.16", Map.of("app", "ratings"), Locality.NONE, "default", List.of())));
    try (AskingEnvoy envoy = envoy(DENY)) {
      CheckResponse denied = envoy.check("127.0.0.16", Map.of(), Map.of());
      assertThat(denied.getStatus().getCode()).isEqualTo(7);
      assertThat(denied.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(403);
      assertThat(denied.getDeniedResponse().getBody()).isEqualTo("PERMISSION_DENIED:refuse.default:not you");
      assertThat(headers(denied.getDeniedResponse().getHeadersList())).isEqualTo("x-tenon-denied-by=no-ratings.default");
      assertThat(denied.getDynamicMetadata().getFieldsOrThrow("code").getNumberValue()).isEqualTo(7);

      assertThat(envoy.check("127.0.0.17", Map.of(), Map.of()).hasOkResponse()).isTrue();
      assertThat(envoy.check("127.0.0.16", Map.of(), Map.of("destination.labels.app", "details")).hasOkResponse())
          .as("a route's context extensions say who is called")
          .isTrue();
    }
  }

  @Test
  void headsAreChangedAsRulesSay() {
    String rule =
        """
        kind: rule
        metadata: {name: heads}
        spec:
          match: request.query_params["page"] == "2 3"
          requestHeaderOperations:
          - {name: x-tag, values: ['"one"'], operation: APPEND}
          - {name: x-secret, operation: REMOVE}
          - {name: x-bad, values: ['request.headers["evil"]']}
          responseHeaderOperations:
          - {name: x-seen, values: ['request.host'], operation: REPLACE}
          - {name: x-more, values: ['"1"'], operation: APPEND}
        """;
    try (AskingEnvoy envoy = envoy(rule)) {
      var ok = envoy.check(Map.of("x-tag", "zero", "x-secret", "s", "evil", "a\r\nb: c")).getOkResponse();
      assertThat(headers(ok.getHeadersList())).isEqualTo("x-tag=zero,one");
      assertThat(ok.getHeadersToRemoveList()).containsExactly("x-secret");
      assertThat(headers(ok.getResponseHeadersToAddList())).isEqualTo("x-more=1 x-seen=reviews");
      assertThat(ok.getResponseHeadersToAdd(0).getAppendAction()).isEqualTo(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
    }
  }

  @Test
  void oneLimitIsCountedWhicheverServiceAsks() {
    kernel.install(new MemQuota());
    try (AskingEnvoy envoy = envoy(LIMIT)) {
      Map<String, String> ann = Map.of("header.:method", "GET", "header.x-user", "ann");
      RateLimitResponse first = envoy.limit(ann);
      assertThat(first.getOverallCode()).isEqualTo(RateLimitResponse.Code.OK);
      assertThat(first.getStatusesCount()).isEqualTo(1);
      assertThat(plain(first.getResponseHeadersToAddList())).startsWith("x-ratelimit-limit=2 x-ratelimit-remaining=1 x-ratelimit-reset=");

      assertThat(envoy.check(Map.of("x-user", "ann")).hasOkResponse()).isTrue();

      RateLimitResponse over = envoy.limit(ann);
      assertThat(over.getOverallCode()).isEqualTo(RateLimitResponse.Code.OVER_LIMIT);
      assertThat(over.getRawBody().toStringUtf8()).isEqualTo("RESOURCE_EXHAUSTED:limit.default:Quota is exhausted for: requests");
      assertThat(plain(over.getResponseHeadersToAddList())).contains("x-tenon-denied-by=limits.default", "retry-after=", "x-ratelimit-remaining=0");
      assertThat(envoy.check(Map.of("x-user", "ann")).getDeniedResponse().getStatus().getCodeValue()).isEqualTo(429);

      assertThat(envoy.limit(Map.of("header.:method", "GET")).getOverallCode()).as("another key").isEqualTo(RateLimitResponse.Code.OK);
      assertThat(envoy.limit(Map.of("header.:method", "POST", "header.x-user", "ann")).getOverallCode()).as("no rule matches").isEqualTo(RateLimitResponse.Code.OK);
    }
  }

  @Test
  void aLimitThatCannotBeAskedIsAnErrorOfTheCallForEnvoyToDecide() {
    try (AskingEnvoy envoy = envoy(LIMIT)) {
      assertThatThrownBy(() -> envoy.limit(Map.of("header.:method", "GET")))
          .hasMessageContaining("UNAVAILABLE")
          .hasMessageContaining("the adapter memquota is not installed");
      assertThatThrownBy(() -> envoy.ask(RateLimitRequest.newBuilder().setHitsAddend(2).build())).hasMessageContaining("hits_addend");
    }
  }

  @Test
  void aChangedRuleHoldsAtOnceAndOneThatDoesNotCompileChangesNothing() {
    kernel.install(new Denier());
    try (AskingEnvoy envoy = envoy(DENY)) {
      assertThat(envoy.check(Map.of()).hasOkResponse()).isTrue();
      kernel.configure(Yaml.policy(DENY.replace("source.labels[\"app\"] == \"ratings\"", "request.host == \"reviews\"")));
      assertThat(envoy.check(Map.of()).hasDeniedResponse()).isTrue();
      kernel.configure(Yaml.policy(DENY.replace("source.labels[\"app\"]", "no.such")));
      assertThat(envoy.check(Map.of()).hasDeniedResponse()).isTrue();
    }
  }

  @Test
  void whoNamesNoPolicyOrSpeaksForAnotherIsToldSo() {
    kernel.configure(Yaml.policy(DENY));
    try (AskingEnvoy nobody = new AskingEnvoy(kernel.services(), "", List.of());
        AskingEnvoy own = new AskingEnvoy(kernel.services(), REVIEWS, List.of("spiffe://mesh/host/default/reviews/reviews-v1"));
        AskingEnvoy other = new AskingEnvoy(kernel.services(), REVIEWS, List.of("spiffe://mesh/host/default/ratings/ratings-v1"))) {
      assertThatThrownBy(() -> nobody.check(Map.of())).hasMessageContaining("UNAVAILABLE").hasMessageContaining("tenon-called");
      assertThat(own.check(Map.of()).hasOkResponse()).isTrue();
      assertThatThrownBy(() -> other.check(Map.of())).hasMessageContaining("PERMISSION_DENIED");
      // The route of a hand-written Envoy may say what the call does not.
      assertThat(nobody.check("127.0.0.9", Map.of(), Map.of("policy", "default")).hasOkResponse()).isTrue();
    }
  }

  @Test
  void requestsThatAreOverAreToldWithWhatBecameOfThem() {
    Told told = new Told(true);
    kernel.install(told);
    String report =
        """
        kind: handler
        metadata: {name: ears}
        spec: {compiledAdapter: told}
        ---
        kind: instance
        metadata: {name: entry}
        spec:
          compiledTemplate: logentry
          params:
            timestamp: request.time
            variables:
              code: response.code
              took: response.duration
              path: request.path
              agent: request.headers["x-agent"] | ""
              called: destination.service.name
              flags: context.proxy_error_code
              why: check.error_message
              denied: check.error_code
              from: source.ip
        ---
        kind: rule
        metadata: {name: tell}
        spec: {match: response.code >= 400, actions: [{handler: ears, instances: [entry]}]}
        """;
    try (AskingEnvoy envoy = envoy(report)) {
      envoy.log(entry(200), entry(403));
      await().atMost(java.time.Duration.ofSeconds(40)).until(() -> !told.instances.isEmpty());
      Instance instance = Objects.requireNonNull(told.instances.poll());
      assertThat(instance.values().get("timestamp")).isEqualTo(java.time.Instant.ofEpochSecond(1_700_000_000));
      assertThat((Map<?, ?>) instance.values().get("variables"))
          .isEqualTo(
              Map.of(
                  "code", 403L, "took", java.time.Duration.ofMillis(12), "path", "/a?b=c", "agent", "robot", "called", "reviews",
                  "flags", "UAEX", "why", "not you", "denied", 7L, "from", AskedFrom.LOOPBACK));
      assertThat(told.instances).isEmpty();
    }
  }

  @Test
  void aGenerationThatEndsLetsGoOfStreamsSoThatEnvoysTurnToTheNext() {
    try (AskingEnvoy envoy = envoy(DENY)) {
      var ended = envoy.openLog();
      await().atMost(java.time.Duration.ofSeconds(40)).until(() -> {
        kernel.mixer().drain(java.time.Duration.ofSeconds(1));
        return ended.isDone();
      });
      assertThatThrownBy(() -> ended.get(10, java.util.concurrent.TimeUnit.SECONDS)).hasMessageContaining("this generation of the policy service has ended");
    }
  }

  private static final class AskedFrom {
    static final java.net.InetAddress LOOPBACK = dev.tenon.spi.config.Names.ipAddress("127.0.0.9").orElseThrow();
  }

  private static HTTPAccessLogEntry entry(int status) {
    Struct verdict =
        Struct.newBuilder()
            .putFields("code", Value.newBuilder().setNumberValue(7).build())
            .putFields("message", Value.newBuilder().setStringValue("not you").build())
            .build();
    return HTTPAccessLogEntry.newBuilder()
        .setCommonProperties(
            AccessLogCommon.newBuilder()
                .setStartTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .setDuration(Duration.newBuilder().setNanos(12_000_000))
                .setDownstreamRemoteAddress(AskingEnvoy.address("203.0.113.7"))
                .setDownstreamDirectRemoteAddress(AskingEnvoy.address("127.0.0.9"))
                .setResponseFlags(ResponseFlags.newBuilder().setUnauthorizedDetails(ResponseFlags.Unauthorized.getDefaultInstance()))
                .setMetadata(Metadata.newBuilder().putFilterMetadata("envoy.filters.http.ext_authz", verdict)))
        .setRequest(
            HTTPRequestProperties.newBuilder()
                .setRequestMethod(RequestMethod.GET)
                .setPath("/a?b=c")
                .setAuthority("reviews")
                .putRequestHeaders("x-agent", "robot"))
        .setResponse(HTTPResponseProperties.newBuilder().setResponseCode(UInt32Value.of(status)))
        .build();
  }
}

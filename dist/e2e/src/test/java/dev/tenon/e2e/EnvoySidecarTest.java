package dev.tenon.e2e;

import static dev.tenon.e2e.mesh.Bookinfo.DETAILS;
import static dev.tenon.e2e.mesh.Bookinfo.PRODUCTPAGE;
import static dev.tenon.e2e.mesh.Bookinfo.RATINGS;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V1;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V2;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.EnvoyPeer;
import dev.tenon.e2e.mesh.EnvoyPeer.Protocol;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.Page;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real Envoys are sidecars of the mesh, beside Tenon's: productpage's makes the choices between versions of
 * reviews (and speaks state of the world), that of reviews v2 injects the faults of ratings (and speaks delta).
 * Their workloads are registered on their behalf.
 */
@Tag("system")
class EnvoySidecarTest {
  private static final Map<String, String> JASON = Map.of("end-user", "jason");
  private static final Map<String, String> ANYBODY = Map.of();
  private static final int PER_SECOND = 100;
  private static TestMesh mesh;

  @BeforeAll
  static void startBookinfoWithEnvoys() throws IOException {
    Path envoy = Outside.envoy();
    mesh = TestMesh.start("envoy-sidecar");
    mesh.gateway();
    mesh.registration(PRODUCTPAGE).application(PRODUCTPAGE);
    EnvoyPeer.start(mesh, envoy, PRODUCTPAGE, Protocol.GRPC);
    mesh.registration(REVIEWS_V2).application(REVIEWS_V2);
    EnvoyPeer.start(mesh, envoy, REVIEWS_V2, Protocol.DELTA_GRPC);
    List.of(DETAILS, REVIEWS_V1, REVIEWS_V3, RATINGS).forEach(mesh::workload);
    mesh.converged(7);
    mesh.apply(rules("networking/bookinfo-gateway.yaml"));
    mesh.route(rules("networking/destination-rule-all.yaml"));
    mesh.route(rules("networking/virtual-service-all-v1.yaml"));
    mesh.until("the page through the gateway", 20, () -> Page.fault(mesh.page(ANYBODY)).isEmpty());
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @Test
  void theControlPlaneKnowsThemAsEnvoys() {
    assertThat(mesh.control().status().getProxiesList())
        .filteredOn(proxy -> proxy.getUserAgent().startsWith("envoy"))
        .hasSize(2)
        .allSatisfy(
            proxy ->
                assertThat(proxy.getTypesList())
                    .extracting(type -> type.getType())
                    .contains("CDS", "LDS", "RDS", "EDS")
                    .doesNotContain("POLICY", "WORKLOAD"));
  }

  @Test
  void trafficShiftsThroughEnvoy() {
    mesh.route(rules("networking/virtual-service-all-v1.yaml"));
    expectShares(100, Map.of("v1", 1.0));
    mesh.route(rules("networking/virtual-service-reviews-90-10.yaml"));
    expectShares(500, Map.of("v1", 0.9, "v3", 0.1));
    mesh.route(rules("networking/virtual-service-reviews-50-50.yaml"));
    expectShares(500, Map.of("v1", 0.5, "v3", 0.5));
    mesh.route(rules("networking/virtual-service-reviews-v3.yaml"));
    expectShares(100, Map.of("v3", 1.0));
  }

  @Test
  void aShiftLosesNoRequest() {
    mesh.route(rules("networking/virtual-service-all-v1.yaml"));
    try (Load load = mesh.pages(80)) {
      for (String step : List.of("90-10", "50-50", "v3")) {
        load.hold(20);
        mesh.route(rules("networking/virtual-service-reviews-" + step + ".yaml"));
      }
      load.hold(40);
      assertThat(load.failures()).isEmpty();
      assertThat(load.kinds()).containsKeys("v1", "v3");
    }
  }

  @Test
  void headersRouteAndFaultsAreInjectedByEnvoy() {
    mesh.route(rules("networking/virtual-service-ratings.yaml"));
    mesh.route(rules("networking/virtual-service-reviews-jason-v2.yaml"));
    for (int i = 0; i < 5; i++) {
      assertThat(Page.reviewsVersion(mesh.page(JASON))).isEqualTo("v2");
      assertThat(Page.reviewsVersion(mesh.page(ANYBODY))).isEqualTo("v3");
    }

    mesh.route(rules("networking/virtual-service-ratings-delay.yaml"));
    assertThat(quickestOfThree(JASON)).isBetween(Duration.ofMillis(1_950), Duration.ofMillis(2_950));
    assertThat(quickestOfThree(ANYBODY)).isLessThan(Duration.ofMillis(1_500));

    mesh.route(rules("networking/virtual-service-ratings-abort.yaml"));
    assertThat(Page.ratingsUnavailable(mesh.page(JASON))).isTrue();
    assertThat(Page.ratingsUnavailable(mesh.page(ANYBODY))).isFalse();

    mesh.route(rules("networking/virtual-service-ratings.yaml"));
    assertThat(Page.ratingsUnavailable(mesh.page(JASON))).isFalse();
  }

  @Test
  void anEnvoyClosesForARuleThatItCannotCarryOutAndAnOperatorIsToldWhy() throws IOException {
    assertThat(Page.fault(mesh.page(ANYBODY))).isEmpty();

    mesh.apply(removes("closed"));
    mesh.until("Envoy to answer 503", 10, () -> mesh.page(ANYBODY).status() == 503);
    assertThat(mesh.tenon("status").out()).contains("its routes answer 503: rule default/never takes a header of answers away");
    // A sidecar of ours carries the same rule out.
    assertThat(mesh.call(RATINGS, "http://details:9080/details/0", Map.of()).status()).isEqualTo(200);

    mesh.apply(removes("open"));
    mesh.until("Envoy to let pass", 10, () -> Page.fault(mesh.page(ANYBODY)).isEmpty());

    assertThat(mesh.tenon("delete", "rule", "never").exit()).isZero();
    mesh.until("the page", 10, () -> Page.fault(mesh.page(ANYBODY)).isEmpty());
  }

  @Test
  void anEnvoyPassesOpenPluginsOverAndClosesForAClosedFilter() throws IOException {
    mesh.apply(plugins("open"));
    mesh.until("all proxies to have taken it", 15, () -> mesh.level(7));
    assertThat(Page.fault(mesh.page(ANYBODY))).isEmpty();

    mesh.apply(plugins("closed"));
    mesh.until("Envoy to answer 503", 10, () -> mesh.page(ANYBODY).status() == 503);
    mesh.until("all proxies to have taken it", 15, () -> mesh.level(7));

    assertThat(mesh.tenon("delete", "requestfilter", "absent").exit()).isZero();
    assertThat(mesh.tenon("delete", "destinationrule", "chosen").exit()).isZero();
    mesh.until("the page", 10, () -> Page.fault(mesh.page(ANYBODY)).isEmpty());
  }

  /** Plug-ins that nobody has, asked of productpage's Envoy: before its requests, and for its calls of details. */
  private static String plugins(String onFailure) {
    return """
    apiVersion: extensions.tenon.dev/v1alpha1
    kind: RequestFilter
    metadata: {name: absent}
    spec:
      selector: {matchLabels: {app: productpage}}
      mode: CLIENT_AND_SERVER
      plugin: absent
      config: {depth: 3, of: [a, b]}
      onFailure: %s
    ---
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: chosen, annotations: {traffic.tenon.dev/balancer: absent, traffic.tenon.dev/balancer-config: "a: b"}}
    spec: {host: details, subsets: [{name: v1, labels: {version: v1}}]}
    """
        .formatted(onFailure);
  }

  private static String removes(String onFailure) {
    return """
    apiVersion: config.istio.io/v1alpha2
    kind: rule
    metadata: {name: never, annotations: {policy.tenon.dev/on-failure: %s}}
    spec: {responseHeaderOperations: [{name: server, operation: REMOVE}]}
    """
        .formatted(onFailure);
  }

  /** What else this machine does makes an answer later, and never earlier. */
  private static Duration quickestOfThree(Map<String, String> headers) {
    return Collections.min(List.of(timed(headers), timed(headers), timed(headers)));
  }

  private static Duration timed(Map<String, String> headers) {
    long start = System.nanoTime();
    Answer page = mesh.page(headers);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(Page.fault(page)).isEmpty();
    return took;
  }

  private static void expectShares(int requests, Map<String, Double> wanted) {
    try (Load load = mesh.pages(PER_SECOND)) {
      load.expectShares(requests, wanted);
    }
  }

  private static Path rules(String name) {
    return mesh.distribution().rules(name);
  }
}

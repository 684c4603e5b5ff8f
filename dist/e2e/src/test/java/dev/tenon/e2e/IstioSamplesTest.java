package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Distribution;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.Page;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Istio's own Bookinfo files, unchanged, do what Istio's documentation of each task promises. */
@Tag("system")
class IstioSamplesTest {
  private static final Map<String, String> JASON = Map.of("end-user", "jason");
  private static final Map<String, String> ANYBODY = Map.of();
  private static final int PER_SECOND = 100;
  private static Path samples = Path.of("");
  private static TestMesh mesh;

  @BeforeAll
  static void startBookinfo() throws IOException {
    samples = Outside.istioSamples(Distribution.built());
    mesh = TestMesh.start("istio-samples");
    mesh.gateway();
    Bookinfo.ALL.forEach(mesh::workload);
    mesh.converged(Bookinfo.ALL.size() + 1);
    apply("bookinfo-gateway", "destination-rule-all", "virtual-service-all-v1");
    mesh.until("the page through the gateway", 20, () -> Page.fault(mesh.page(ANYBODY)).isEmpty());
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @Test
  void allToV1() {
    routed("virtual-service-all-v1");
    expectShares(60, Map.of("v1", 1.0));
    assertThat(mesh.page(JASON).body()).doesNotContain("stars black").doesNotContain("stars red");
  }

  @Test
  void tenPercentToV2() {
    routed("virtual-service-all-v1", "virtual-service-reviews-90-10");
    expectShares(600, Map.of("v1", 0.9, "v2", 0.1));
  }

  @Test
  void halfToV3() {
    routed("virtual-service-all-v1", "virtual-service-reviews-50-v3");
    expectShares(600, Map.of("v1", 0.5, "v3", 0.5));
  }

  @Test
  void allToV3() {
    routed("virtual-service-all-v1", "virtual-service-reviews-v3");
    expectShares(60, Map.of("v3", 1.0));
    assertThat(mesh.page(ANYBODY).body()).contains("stars red");
  }

  @Test
  void jasonToV2AndEverybodyElseToV3() {
    routed("virtual-service-all-v1", "virtual-service-reviews-jason-v2-v3");
    for (int i = 0; i < 10; i++) {
      assertThat(Page.reviewsVersion(mesh.page(JASON))).isEqualTo("v2");
      assertThat(Page.reviewsVersion(mesh.page(ANYBODY))).isEqualTo("v3");
    }
  }

  @Test
  void aDelayOfRatingsLeavesJasonWithoutReviewsAfterSixSeconds() {
    routed("virtual-service-all-v1", "virtual-service-reviews-test-v2", "virtual-service-ratings-test-delay");
    long start = System.nanoTime();
    Answer page = mesh.page(JASON);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(Page.reviewsUnavailable(page)).as(page.body()).isTrue();
    // Two tries of three seconds; a third would be nine.
    assertThat(took).isBetween(Duration.ofMillis(5_900), Duration.ofMillis(8_900));

    start = System.nanoTime();
    assertThat(Page.fault(mesh.page(ANYBODY))).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).as("not delayed by seven").isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void anAbortOfRatingsLeavesJasonWithoutStars() {
    routed("virtual-service-all-v1", "virtual-service-reviews-test-v2", "virtual-service-ratings-test-abort");
    mesh.until("ratings to be broken for jason", 10, () -> Page.ratingsUnavailable(mesh.page(JASON)));
    assertThat(Page.fault(mesh.page(JASON))).isEmpty();
    assertThat(Page.ratingsUnavailable(mesh.page(ANYBODY))).isFalse();
  }

  @Test
  void mutualTlsIsRefusedSinceNothingHereEnforcesIt() throws IOException {
    ApplyResponse response = mesh.offer(networking("destination-rule-all-mtls"), false);
    assertThat(response.getAccepted()).isFalse();
    assertThat(response.getFindingsList())
        .hasSize(4)
        .allSatisfy(
            finding -> {
              assertThat(finding.getField()).isEqualTo("spec.trafficPolicy.tls.mode");
              assertThat(finding.getLine()).isPositive();
              assertThat(finding.getMessage()).contains("ISTIO_MUTUAL").contains("identities");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "bookinfo/gateway-api/route-reviews-v1.yaml, HTTPRoute",
    "bookinfo/platform/kube/bookinfo.yaml, Deployment",
    "bookinfo/policy/productpage_envoy_ratelimit.yaml, EnvoyFilter",
  })
  void aKindThatIsNotKnownIsRefusedByItsName(String file, String kind) {
    ApplyResponse response = mesh.offer(samples.resolve(file), false);
    assertThat(response.getAccepted()).isFalse();
    assertThat(response.getChangesList()).isEmpty();
    assertThat(response.getFindingsList()).extracting(Finding::getMessage).anyMatch(text -> text.contains(kind));
  }

  private static void expectShares(int requests, Map<String, Double> wanted) {
    try (Load load = mesh.pages(PER_SECOND)) {
      load.expectShares(requests, wanted);
    }
  }

  /** Applies files in order; each takes effect before the next. */
  private static void routed(String... files) {
    for (String file : files) {
      mesh.route(networking(file));
    }
  }

  private static void apply(String... files) {
    for (String file : files) {
      mesh.apply(networking(file));
    }
  }

  private static Path networking(String file) {
    return samples.resolve("bookinfo/networking").resolve(file + ".yaml");
  }
}

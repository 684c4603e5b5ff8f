package dev.tenon.e2e;

import static dev.tenon.e2e.mesh.Bookinfo.RATINGS;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.EnvoyPeer;
import dev.tenon.e2e.mesh.EnvoyPeer.Protocol;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Istio 1.4's task of metrics, by its own files: what Istio installed by default, and a metric of who called whom. The files say no address
 * for the page, so one process of this machine may have it.
 */
@Tag("system")
class PolicyTelemetryTest {
  private static final String PAGE = "127.0.0.1";
  private static final int PAGE_PORT = 42422;

  private static void sample(TestMesh mesh) {
    mesh.apply(Outside.oldIstioSamples(mesh.distribution()).resolve("bookinfo/policy/mixer-rule-kubernetesenv-telemetry.yaml"));
  }

  private static String page() {
    Answer answer = TestMesh.get(PAGE, PAGE_PORT, "/metrics", Map.of());
    return answer.status() == 200 ? answer.body() : "";
  }

  @Test
  void aSidecarCountsWhoCalledWhom() throws IOException {
    try (TestMesh mesh = TestMesh.start("policy-telemetry")) {
      Path defaults = Outside.oldIstioSamples(mesh.distribution()).resolveSibling("mixer-defaults.yaml");
      mesh.workload(RATINGS).converged(1);
      mesh.apply(defaults);
      sample(mesh);
      mesh.until("ratings' sidecar to show its page", 30, () -> {
        assertThat(TestMesh.get(mesh.address(RATINGS), 9080, "/ratings/0", Map.of()).status()).isEqualTo(200);
        return page().contains("istio_requests_total{");
      });
      mesh.sidecar(REVIEWS_V3).converged(2);
      mesh.until("a call of reviews to be counted", 30, () -> {
        mesh.call(REVIEWS_V3, "http://ratings:9080/ratings/0", Map.of());
        return page().contains("source_app=\"reviews\"");
      });
      String entries = "kubernetes://apis/networking.istio.io/v1/namespaces/default/workloadentries/";
      assertThat(page())
          .containsPattern(
              "istio_requests_total\\{[^}]*source_app=\"reviews\"[^}]*source_version=\"v3\"[^}]*destination_app=\"ratings\"[^}]*response_code=\"200\"")
          .containsPattern("istio_request_duration_seconds_bucket\\{[^}]*source_app=\"reviews\"")
          .containsPattern(
              "istio_kube_request_count\\{[^}]*source_pod=\"reviews-v3\"[^}]*source_owner=\"" + entries + "reviews-v3\"")
          .contains("destination_owner=\"" + entries + "ratings-v1\"");
    }
  }

  @Test
  void theSameIsToldByARealEnvoy() throws IOException {
    Path envoy = Outside.envoy();
    try (TestMesh mesh = TestMesh.start("policy-telemetry-envoy")) {
      mesh.registration(RATINGS).application(RATINGS);
      EnvoyPeer.start(mesh, envoy, RATINGS, Protocol.DELTA_GRPC);
      mesh.converged(1);
      sample(mesh);
      mesh.until("a request to be counted where the policy service runs", 30, () -> {
        assertThat(TestMesh.get(mesh.address(RATINGS), 9080, "/ratings/0", Map.of()).status()).isEqualTo(200);
        return page().contains("istio_kube_request_count{");
      });
      assertThat(page()).containsPattern("istio_kube_request_count\\{response_code=\"200\"[^}]*} [1-9]");
    }
  }
}

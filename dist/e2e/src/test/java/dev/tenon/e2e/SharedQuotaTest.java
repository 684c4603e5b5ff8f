package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.cli.process.Caller.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One limit in two proxies of real processes, counted in the control plane. */
@Tag("system")
class SharedQuotaTest {
  private static final Member DETAILS = Bookinfo.DETAILS;
  private static final Member RATINGS = Bookinfo.RATINGS;

  private static final String LIMIT =
      """
      apiVersion: config.istio.io/v1alpha2
      kind: handler
      metadata: {name: limit, namespace: istio-system}
      spec:
        compiledAdapter: memquota
        params: {quotas: [{name: requests, maxAmount: 100, validDuration: 1h, rateLimitAlgorithm: FIXED_WINDOW}]}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: instance
      metadata: {name: requests, namespace: istio-system}
      spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"]'}}}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: rule
      metadata: {name: limits, namespace: istio-system}
      spec:
        match: (request.headers["x-user"] | "") != ""
        actions: [{handler: limit, instances: [requests]}]
      """;

  /** Counts are asked for here, not times: a machine that stands still for a moment is not to be a failure. */
  private static final String PATIENT = "mixer: {shared: {deadline: 10s}}\n";

  private TestMesh mesh;

  @BeforeEach
  void start() throws IOException {
    mesh = TestMesh.start("shared-quota");
    for (Member member : List.of(DETAILS, RATINGS)) {
      mesh.sidecar(member, PATIENT).application(member);
    }
    mesh.converged(2);
  }

  @AfterEach
  void end() throws IOException {
    mesh.close();
  }

  private boolean allowed(Member member, String user) {
    String path = member.equals(DETAILS) ? "/details/0" : "/ratings/0";
    Answer answer = TestMesh.get(mesh.address(member), 9080, path, Map.of("x-user", user));
    assertThat(answer.status()).as("200, or too many").isIn(200, 429);
    return answer.status() == 200;
  }

  @Test
  void twoProxiesHaveOneLimit() {
    mesh.apply(LIMIT);
    mesh.until("the rule to be in force", 20, () -> {
      for (int i = 0; i < 101; i++) {
        if (!allowed(DETAILS, "trial") || !allowed(RATINGS, "trial")) {
          return true;
        }
      }
      return false;
    });
    mesh.until("the rule to be in force in the other proxy too", 20, () -> !allowed(DETAILS, "trial") && !allowed(RATINGS, "trial"));
    int allowed = 0;
    for (int i = 0; i < 40; i++) {
      allowed += allowed(DETAILS, "ann") ? 1 : 0;
      allowed += i % 4 == 0 && allowed(RATINGS, "ann") ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(50);
    for (int i = 0; i < 150; i++) {
      allowed += allowed(i % 2 == 0 ? DETAILS : RATINGS, "ann") ? 1 : 0;
    }
    assertThat(allowed).as("of a limit of 100").isBetween(95, 100);
  }
}

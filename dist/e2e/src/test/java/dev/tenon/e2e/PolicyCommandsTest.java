package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Command.Result;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What operators ask of policy in a mesh of real processes. */
@Tag("system")
class PolicyCommandsTest {
  private static final Member RATINGS = Bookinfo.RATINGS;
  private static final String LIMIT =
      """
      apiVersion: policy.tenon.dev/v1alpha1
      kind: RateLimit
      metadata: {name: ratings, namespace: default}
      spec:
        services: [ratings]
        per: {user: 'request.headers["x-user"]'}
        match: (request.headers["x-user"] | "") != ""
        limit: 100
        window: 1h
        algorithm: FIXED_WINDOW
      """;

  private TestMesh mesh;

  @BeforeEach
  void start() throws IOException {
    // Counts are asked for here, not times: a machine that stands still for a moment is not to be a failure.
    mesh = TestMesh.start("policy-commands").sidecar(RATINGS, "mixer: {shared: {deadline: 10s}}\n").application(RATINGS).converged(1);
  }

  @AfterEach
  void end() throws IOException {
    mesh.close();
  }

  private int call(String user) {
    return TestMesh.get(mesh.address(RATINGS), 9080, "/ratings/0", Map.of("x-user", user)).status();
  }

  private Result policy(String... words) {
    return mesh.tenon(words);
  }

  private Result at(String target, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--target", target));
    return Command.run(mesh.distribution(), mesh.run(), all.toArray(String[]::new));
  }

  @Test
  void countersAreShownForgottenAndExplained() {
    mesh.apply(LIMIT);
    mesh.until("the rule to be in force", 20, 
        () -> !TestMesh.get(mesh.address(RATINGS), 9080, "/ratings/0", Map.of("x-user", "trial")).header("x-ratelimit-limit").isEmpty());
    for (int i = 0; i < 101; i++) {
      call("ann");
    }
    assertThat(call("ann")).isEqualTo(429);

    Result top = policy("policy", "top");
    assertThat(top.out()).containsPattern("RateLimit/ratings\\.default +ratings\\.RateLimit\\.default +user=ann +100 +100 +0 ");
    assertThat(policy("policy", "top", "RateLimit/ratings.default", "--limit", "1", "-o", "json").out())
        .contains("\"spent\": 100", "\"user\": \"ann\"", "\"keys\": 2");
    assertThat(policy("policy", "top", "nobody.default").err()).contains("no rule nobody.default");

    assertThat(policy("policy", "list").out())
        .containsPattern("RateLimit/ratings\\.default +ratings\\.RateLimit\\.default +closed +1 +1")
        .containsPattern("ratings\\.RateLimit\\.default +memquota +ready +policy service");
    assertThat(policy("policy", "describe", "RateLimit/ratings.default").out())
        .contains("ratings.default.svc.cluster.local", "memquota", "request.headers[\"x-user\"]");

    Result explained = policy("explain", "request", "http://ratings.default/ratings/0?x=1", "-H", "x-user: ann");
    assertThat(explained.exit()).as(explained.err()).isEqualTo(1);
    assertThat(explained.out())
        .contains("judged  default/" + RATINGS.name() + " at", "verdict 429 by RateLimit/ratings.default", "rule RateLimit/ratings.default matches",
            "request.headers[\"x-user\"] is \"ann\"", "would refuse", "0 of 100 left");
    Result another = policy("explain", "request", "http://ratings.default/ratings/0", "-H", "x-user: new", "-o", "json");
    assertThat(another.exit()).as(another.err()).isZero();
    assertThat(another.out()).contains("\"remaining\": 100", "would grant");
    assertThat(policy("explain", "request", "http://ratings.default/ratings/0").out()).contains("does not match", "request.headers[\"x-user\"] is \"\"");
    assertThat(policy("policy", "top", "-o", "json").out()).as("nothing was taken").doesNotContain("\"user\": \"new\"");

    String sidecar = mesh.run(RATINGS.name()).toString();
    Result there = at(sidecar, "explain", "request", "http://ratings.default/ratings/0", "-H", "x-user: ann");
    assertThat(there.out()).contains("route   virtual host", "inbound|", "policy service", "would refuse");
    assertThat(at(sidecar, "policy", "top").err()).contains("is counted by the policy service");

    assertThat(policy("policy", "reset", "RateLimit/ratings.default").out()).isEqualTo("2 counters forgotten\n");
    assertThat(policy("policy", "top").out()).doesNotContain("user=ann");
  }

  @Test
  void aListThatIsOutOfDateIsShownWithTheReason() throws IOException {
    Path list = mesh.written("list", "eve\n");
    mesh.apply(
        """
        apiVersion: config.istio.io/v1alpha2
        kind: handler
        metadata: {name: unwelcome, namespace: default}
        spec: {compiledAdapter: listchecker, params: {providerUrl: "%s", blacklist: true}}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: instance
        metadata: {name: user, namespace: default}
        spec: {compiledTemplate: listentry, params: {value: 'request.headers["x-user"] | ""'}}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: welcome, namespace: default}
        spec: {actions: [{handler: unwelcome, instances: [user]}]}
        """
            .formatted(list.toUri()));
    mesh.until("the rule to be in force", 20, () -> call("eve") == 403);
    String sidecar = mesh.run(RATINGS.name()).toString();
    assertThat(at(sidecar, "policy", "list").out()).containsPattern("unwelcome\\.default +listchecker +ready +in process");
    assertThat(at(sidecar, "status").out()).isEqualTo("all handlers that this process asks are well\n");
    Files.delete(list);
    mesh.until("the loss to be shown", 20, () -> at(sidecar, "policy", "list").out().contains("troubled"));
    assertThat(at(sidecar, "policy", "list").out())
        .containsPattern("unwelcome\\.default: the list at file:.*/list cannot be had: .*NoSuchFile.*; the one of \\d+ s ago is used");
    assertThat(at(sidecar, "status").out()).containsPattern("unwelcome\\.default +listchecker +troubled +the list at file:.*/list cannot be had: ");
    assertThat(at(sidecar, "status", "-o", "json").out()).contains("\"state\": \"troubled\"");
    assertThat(call("eve")).as("the last good one").isEqualTo(403);
    mesh.written("list", "ann\n");
    mesh.until("the new list", 20, () -> call("ann") == 403 && call("eve") == 200);
    assertThat(at(sidecar, "policy", "list").out()).contains("ready").doesNotContain("troubled");
  }

  @Test
  void whatIsDeniedIsCountedWithItsServiceAndItsAdapter() {
    mesh.apply(
        """
        apiVersion: config.istio.io/v1alpha2
        kind: handler
        metadata: {name: no, namespace: default}
        spec: {compiledAdapter: denier, params: {status: {code: 7}}}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: instance
        metadata: {name: anything, namespace: default}
        spec: {compiledTemplate: checknothing}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: nobody, namespace: default}
        spec: {match: '(request.headers["x-user"] | "") == "eve"', actions: [{handler: no, instances: [anything]}]}
        """);
    mesh.until("the rule to be in force", 20, () -> call("eve") == 403);
    String id = "6f1c2a9e-0b1d-4c55-9a77-0123456789ab";
    assertThat(TestMesh.get(mesh.address(RATINGS), 9080, "/ratings/0", Map.of("x-user", "eve", "x-request-id", id)).status()).isEqualTo(403);
    String sidecar = mesh.run(RATINGS.name()).toString();
    Result past = at(sidecar, "explain", "request", id);
    assertThat(past.exit()).as(past.err()).isEqualTo(1);
    assertThat(past.out()).containsPattern("Z +403 +PERMISSION_DENIED +nobody\\.default +no\\.default").doesNotContain("eve");
    assertThat(at(sidecar, "explain", "request", id.replace('6', '7')).err()).contains("has denied no request 7f1c2a9e", "access log");
    // An answer is counted when it has been given.
    await("the figures").atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(figures())
        .containsPattern("istio_requests_total\\{[^}]*destination_service=\"ratings\\.default\\.svc\\.cluster\\.local\"[^}]*response_code=\"403\"")
        .containsPattern("tenon_policy_verdicts_total\\{handler=\"no\\.default\",adapter=\"denier\",verdict=\"denied\"\\} [1-9]")
        .contains("tenon_policy_call_seconds_bucket{handler=\"no.default\",adapter=\"denier\"", "tenon_policy_cache_total", "tenon_policy_errors_total"));
  }

  private String figures() {
    return TestMesh.get(mesh.address(RATINGS), Member.ADMIN_PORT, "/stats/prometheus", Map.of()).body();
  }
}

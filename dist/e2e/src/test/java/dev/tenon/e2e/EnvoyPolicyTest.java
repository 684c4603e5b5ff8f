package dev.tenon.e2e;

import static dev.tenon.e2e.mesh.Bookinfo.DETAILS;
import static dev.tenon.e2e.mesh.Bookinfo.PRODUCTPAGE;
import static dev.tenon.e2e.mesh.Bookinfo.RATINGS;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V2;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.EnvoyPeer;
import dev.tenon.e2e.mesh.EnvoyPeer.Protocol;
import dev.tenon.e2e.mesh.HeadEcho;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.PolicyPeer;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mixer's rules carried out by real Envoys: pilot points ratings' and details' Envoys at the policy service, as ext_authz, rate
 * limit service or access log service, and at nobody where no rule selects them.
 */
@Tag("system")
class EnvoyPolicyTest {
  private static final Map<String, String> PLAIN = Map.of();
  private static TestMesh mesh;
  private static HeadEcho details;
  private final List<Path> applied = new ArrayList<>();

  @BeforeAll
  static void startEnvoysBesideRatingsAndDetails() throws IOException {
    Path envoy = Outside.envoy();
    mesh = TestMesh.start("envoy-policy", "pilot: {policy: {deadline: 10s}}\n");
    mesh.registration(RATINGS).application(RATINGS);
    EnvoyPeer.start(mesh, envoy, RATINGS, Protocol.DELTA_GRPC);
    mesh.registration(DETAILS);
    details = new HeadEcho(mesh, DETAILS);
    EnvoyPeer.start(mesh, envoy, DETAILS, Protocol.GRPC);
    // Those who call: ratings' Envoy knows them by their addresses.
    List.of(PRODUCTPAGE, REVIEWS_V2, REVIEWS_V3).forEach(mesh::sidecar);
    mesh.converged(5);
    mesh.until("ratings to answer through its Envoy", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 200);
    mesh.until("details to answer through its Envoy", 20, () -> details(PLAIN).status() == 200);
  }

  @AfterAll
  static void end() throws IOException {
    if (details != null) {
      details.close();
    }
    if (mesh != null) {
      mesh.close();
    }
  }

  @AfterEach
  void withoutRules() {
    applied.forEach(mesh::withdraw);
    applied.clear();
    mesh.until("ratings and details to be free again", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 200 && details(PLAIN).status() == 200);
  }

  private static Answer ratings(Member from, Map<String, String> headers) {
    return mesh.call(from, "http://ratings:9080/ratings/0", headers);
  }

  private static Answer details(Map<String, String> headers) {
    return mesh.call(PRODUCTPAGE, "http://details:9080/details/0", headers);
  }

  private void sample(String name) {
    apply(Outside.oldIstioSamples(mesh.distribution()).resolve("bookinfo/policy/" + name));
  }

  private void apply(String yaml) {
    apply(mesh.written("tested.yaml", yaml));
  }

  private void apply(Path file) {
    mesh.apply(file);
    if (!applied.contains(file)) {
      applied.add(file);
    }
  }

  private static String rule(String adapter, String params, String template, String instance, String rule) {
    return """
    apiVersion: config.istio.io/v1alpha2
    kind: handler
    metadata: {name: tested}
    spec: {compiledAdapter: %s, params: %s}
    ---
    apiVersion: config.istio.io/v1alpha2
    kind: instance
    metadata: {name: tested}
    spec: {compiledTemplate: %s, params: %s}
    ---
    apiVersion: config.istio.io/v1alpha2
    kind: rule
    %s
    """
        .formatted(adapter, params, template, instance, rule);
  }

  @Test
  void istiosTaskOfDenials() {
    sample("mixer-rule-deny-label.yaml");
    mesh.until("v3 to be denied", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 403);
    Answer denied = ratings(REVIEWS_V3, PLAIN);
    assertThat(denied.body()).isEqualTo("PERMISSION_DENIED:denyreviewsv3handler.default:Not allowed");
    assertThat(denied.header("x-tenon-denied-by")).isEqualTo("denyreviewsv3.default");
    assertThat(ratings(REVIEWS_V2, PLAIN).status()).isEqualTo(200);
    assertThat(details(PLAIN).status()).isEqualTo(200);
  }

  @Test
  void istiosTaskOfLists() {
    sample("mixer-rule-deny-whitelist.yaml");
    mesh.until("v3 not to be on the list", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 403);
    assertThat(ratings(REVIEWS_V3, PLAIN).header("x-tenon-denied-by")).isEqualTo("checkversion.default");
    assertThat(ratings(REVIEWS_V2, PLAIN).status()).isEqualTo(200);
  }

  @Test
  void aLimitIsKeptByTheRateLimitServiceToTheLastRequest() {
    apply(
        rule(
            "memquota", "{quotas: [{name: tested, maxAmount: 5, validDuration: 1h, rateLimitAlgorithm: FIXED_WINDOW}]}",
            "quota", "{dimensions: {user: 'request.headers[\"x-user\"] | \"nobody\"'}}",
            """
            metadata: {name: tested}
            spec: {match: 'destination.labels["app"] == "ratings"', actions: [{handler: tested, instances: [tested]}]}
            """));
    mesh.until("the limit to be told", 20, () -> ratings(REVIEWS_V3, Map.of("x-user", "trial")).header("x-ratelimit-limit").equals("5"));
    for (int left = 4; left >= 0; left--) {
      Answer answer = ratings(left % 2 == 0 ? REVIEWS_V2 : REVIEWS_V3, Map.of("x-user", "ann"));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("x-ratelimit-remaining")).isEqualTo(Integer.toString(left));
    }
    Answer denied = ratings(REVIEWS_V3, Map.of("x-user", "ann"));
    assertThat(denied.status()).isEqualTo(429);
    assertThat(denied.body()).isEqualTo("RESOURCE_EXHAUSTED:tested.default:Quota is exhausted for: tested");
    assertThat(denied.header("x-tenon-denied-by")).isEqualTo("tested.default");
    assertThat(Integer.parseInt(denied.header("retry-after"))).isBetween(3000, 3600);
    assertThat(ratings(REVIEWS_V3, Map.of("x-user", "bob")).status()).isEqualTo(200);
  }

  @Test
  void istiosTaskOfRateLimitsByRedisquota() throws IOException {
    String name = "mixer-rule-ratings-redis-quota-rolling-window.yaml";
    String text = Files.readString(Outside.oldIstioSamples(mesh.distribution()).resolve("bookinfo/policy/" + name));
    apply(mesh.written(name, text.replace("redis-release-master:6379", PolicyPeer.redis(mesh))));
    mesh.until("the limit to be told", 20, () -> ratings(REVIEWS_V3, PLAIN).header("x-ratelimit-limit").equals("50"));
    int allowed = 1;
    while (ratings(REVIEWS_V3, PLAIN).status() == 200) {
      assertThat(++allowed).as("in much less than 30 s").isLessThanOrEqualTo(50);
    }
    assertThat(allowed).as("of 50, while the limit came into force too").isBetween(45, 50);
    Answer denied = ratings(REVIEWS_V3, PLAIN);
    assertThat(denied.status()).isEqualTo(429);
    assertThat(denied.body()).isEqualTo("RESOURCE_EXHAUSTED:redishandler.istio-system:Quota is exhausted for: requestcountquota");
    assertThat(ratings(PRODUCTPAGE, PLAIN).header("x-ratelimit-limit")).as("for others than reviews").isEqualTo("100");
  }

  @Test
  void anOpenPolicyAgentDecides() {
    String opa =
        PolicyPeer.opa(
            mesh,
            """
            package mixerauthz
            default allow := false
            allow if input.subject.user == "mary"
            """);
    apply(
        rule(
            "opa", "{url: \"http://" + opa + "\", checkMethod: data.mixerauthz.allow}",
            "authorization", "{subject: {user: 'request.headers[\"x-user\"] | \"\"'}, action: {method: request.method}}",
            """
            metadata: {name: tested}
            spec: {match: 'destination.labels["app"] == "ratings"', actions: [{handler: tested, instances: [tested]}]}
            """));
    mesh.until("john to be denied", 20, () -> ratings(REVIEWS_V3, Map.of("x-user", "john")).status() == 403);
    assertThat(ratings(REVIEWS_V3, Map.of("x-user", "mary")).status()).isEqualTo(200);
    assertThat(details(PLAIN).status()).as("no rule selects it").isEqualTo(200);
  }

  @Test
  void headersOfAnswersAreChanged() {
    apply(
        """
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: tested}
        spec:
          match: destination.service.name == "details"
          responseHeaderOperations:
          - {name: x-called, values: ['destination.labels["app"]'], operation: REPLACE}
          - {name: x-from, values: ['source.labels["app"]'], operation: APPEND}
        """);
    mesh.until("an answer to be changed", 20, () -> details(PLAIN).header("x-called").equals("details"));
    assertThat(details(PLAIN).header("x-from")).isEqualTo("productpage");
    assertThat(ratings(REVIEWS_V3, PLAIN).header("x-called")).as("no rule selects it").isEmpty();
  }

  @Test
  void theApplicationSeesTheHeadAsRulesMadeIt() {
    apply(
        """
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: tested}
        spec:
          match: destination.service.name == "details"
          requestHeaderOperations:
          - {name: x-caller, values: ['source.labels["app"]']}
          - {name: x-group, values: ['"gold"', 'request.headers["x-user"] | "nobody"'], operation: APPEND}
          - {name: x-secret, operation: REMOVE}
        """);
    Map<String, String> sent = Map.of("x-caller", "somebody else", "x-group", "silver", "x-user", "ann", "x-secret", "42", "x-kept", "yes");
    mesh.until("the request to be changed", 20, () -> details(sent).body().contains("x-caller: productpage"));
    assertThat(details(sent).body().lines())
        .contains("x-caller: productpage", "x-group: silver,gold,ann", "x-user: ann", "x-kept: yes")
        .noneMatch(line -> line.startsWith("x-secret"));
    assertThat(details(PLAIN).body().lines()).contains("x-group: gold,nobody");
  }

  @Test
  void requestsThatAreOverAreToldByTheAccessLogService() throws IOException {
    Path reports = mesh.run("reports.json");
    apply(
        rule(
            "stdio", "{logStream: FILE, outputPath: " + reports + "}",
            "logentry", "{severity: '\"info\"', variables: {code: response.code, from: 'source.labels[\"app\"] | \"unknown\"', user: 'request.headers[\"x-user\"] | \"\"', to: destination.service.host}}",
            """
            metadata: {name: tested}
            spec: {match: 'request.path == "/ratings/0"', actions: [{handler: tested, instances: [tested]}]}
            """));
    mesh.until("a report", 30, () -> {
      assertThat(ratings(REVIEWS_V2, Map.of("x-user", "ann")).status()).isEqualTo(200);
      return Files.exists(reports) && Files.readString(reports).contains("ann");
    });
    assertThat(Files.readAllLines(reports).getFirst())
        .contains("\"code\":200", "\"from\":\"reviews\"", "\"user\":\"ann\"", "\"to\":\"ratings.default.svc.cluster.local\"");
  }

  @Test
  void whileThePolicyServiceIsAwayTheRuleDecides() {
    apply(denial("closed"));
    mesh.until("the rule to be in force", 20, () -> details(Map.of("x-never", "yes")).status() == 403);
    mesh.killControlPlane();
    Answer closed = details(PLAIN);
    assertThat(closed.status()).as("a closed rule that nobody judges: %s", closed.body()).isEqualTo(503);
    mesh.restartControlPlane();
    mesh.until("it to be judged again", 30, () -> details(PLAIN).status() == 200 && details(Map.of("x-never", "yes")).status() == 403);

    apply(denial("open"));
    mesh.until("Envoys to have taken it", 20, () -> mesh.level(5));
    mesh.until("the rule to be in force", 20, () -> details(Map.of("x-never", "yes")).status() == 403);
    mesh.killControlPlane();
    assertThat(details(Map.of("x-never", "yes")).status()).as("an open rule that nobody judges").isEqualTo(200);
    mesh.restartControlPlane();
    mesh.until("it to be judged again", 30, () -> details(Map.of("x-never", "yes")).status() == 403);
  }

  private static String denial(String onFailure) {
    return rule(
        "denier", "{status: {code: 7, message: no}}", "checknothing", "{}",
        """
        metadata: {name: tested, annotations: {policy.tenon.dev/on-failure: %s}}
        spec: {match: '(request.headers["x-never"] | "") == "yes"', actions: [{handler: tested, instances: [tested]}]}
        """
            .formatted(onFailure));
  }
}

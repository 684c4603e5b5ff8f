package dev.tenon.e2e;

import static dev.tenon.e2e.mesh.Bookinfo.PRODUCTPAGE;
import static dev.tenon.e2e.mesh.Bookinfo.RATINGS;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V2;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
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

/** What Istio 1.4's policy tasks promise, by its own files, with Tenon's sidecars and gateway. */
@Tag("system")
class PolicyTasksTest {
  private static final Map<String, String> PLAIN = Map.of();
  private static final Map<String, String> JOHN = Map.of("x-user", "john");
  private static Path samples = Path.of("");
  private static TestMesh mesh;
  private final List<Path> applied = new ArrayList<>();

  @BeforeAll
  static void startBookinfo() throws IOException {
    mesh = TestMesh.start("policy-tasks");
    samples = Outside.oldIstioSamples(mesh.distribution()).resolve("bookinfo");
    mesh.gateway().workload(RATINGS).workload(PRODUCTPAGE);
    List.of(REVIEWS_V2, REVIEWS_V3).forEach(mesh::sidecar);
    mesh.converged(5);
    mesh.apply(Outside.istioSamples(mesh.distribution()).resolve("bookinfo/networking/bookinfo-gateway.yaml"));
    mesh.until("the page through the gateway", 20, () -> mesh.page(PLAIN).status() == 200);
    mesh.until("ratings to answer", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 200);
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @AfterEach
  void withoutRules() {
    applied.forEach(mesh::withdraw);
    applied.clear();
    mesh.until("all to be free again", 20, () -> ratings(REVIEWS_V3, JOHN).status() == 200 && mesh.page(JOHN).status() == 200);
  }

  private static Answer ratings(Member from, Map<String, String> headers) {
    return mesh.call(from, "http://ratings:9080/ratings/0", headers);
  }

  private void sample(String name) {
    apply(samples.resolve("policy/" + name));
  }

  private void apply(Path file) {
    mesh.apply(file);
    applied.add(file);
  }

  /** A sample whose Redis is not where the task's is. */
  private void sampleWithRedis(String name) throws IOException {
    String redis = PolicyPeer.redis(mesh);
    String text = Files.readString(samples.resolve("policy/" + name));
    assertThat(text).contains("redis-release-master:6379");
    apply(mesh.written(name, text.replace("redis-release-master:6379", redis)));
  }

  @Test
  void aDenialOfOneVersionByAnother() {
    sample("mixer-rule-deny-label.yaml");
    mesh.until("v3 to be denied", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 403);
    Answer denied = ratings(REVIEWS_V3, PLAIN);
    assertThat(denied.body()).isEqualTo("PERMISSION_DENIED:denyreviewsv3handler.default:Not allowed");
    assertThat(denied.header("x-tenon-denied-by")).isEqualTo("denyreviewsv3.default");
    assertThat(ratings(REVIEWS_V2, PLAIN).status()).isEqualTo(200);
  }

  @Test
  void theSameInTheOldFormOfOneKindForEachAdapter() {
    sample("mixer-rule-deny-label-crd.yaml");
    mesh.until("v3 to be denied", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 403);
    assertThat(ratings(REVIEWS_V3, PLAIN).body()).isEqualTo("PERMISSION_DENIED:denyreviewsv3handler.denier.default:Not allowed");
    assertThat(ratings(REVIEWS_V2, PLAIN).status()).isEqualTo(200);
  }

  @Test
  void aListOfVersionsThatMayCall() {
    sample("mixer-rule-deny-whitelist.yaml");
    mesh.until("v3 not to be on the list", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 403);
    assertThat(ratings(REVIEWS_V3, PLAIN).body()).isEqualTo("PERMISSION_DENIED:whitelist.default:v3 is not whitelisted");
    assertThat(ratings(REVIEWS_V2, PLAIN).status()).isEqualTo(200);
  }

  @Test
  void aListOfNetworksAtTheGateway() {
    sample("mixer-rule-deny-ip.yaml");
    mesh.until("the gateway's callers not to be on the list", 20, () -> mesh.page(PLAIN).status() == 403);
    assertThat(mesh.page(PLAIN).body()).startsWith("PERMISSION_DENIED:whitelistip.default:127.").endsWith(" is not whitelisted");
    assertThat(ratings(REVIEWS_V3, PLAIN).status()).as("not from the gateway").isEqualTo(200);
  }

  @Test
  void oneUserIsKeptOutAtTheGateway() {
    sample("mixer-rule-ingress-denial.yaml");
    mesh.until("john to be denied", 20, () -> mesh.page(JOHN).status() == 403);
    assertThat(mesh.page(PLAIN).status()).isEqualTo(200);
    assertThat(ratings(REVIEWS_V3, JOHN).status()).as("not from the gateway").isEqualTo(200);
  }

  @Test
  void oneUserIsKeptOutEverywhere() {
    sample("mixer-rule-ratings-denial.yaml");
    mesh.until("john to be denied", 20, () -> ratings(REVIEWS_V2, JOHN).status() == 403 && mesh.page(JOHN).status() == 403);
    assertThat(ratings(REVIEWS_V2, PLAIN).status()).isEqualTo(200);
  }

  @Test
  void twoPagesInFiveSecondsByMemquota() {
    sample("mixer-rule-productpage-ratelimit.yaml");
    // That very answer: the next one may be let go on again.
    List<Answer> answers = new ArrayList<>();
    mesh.until("the limit to be reached", 20, () -> {
      answers.add(mesh.page(PLAIN));
      return answers.getLast().status() == 429;
    });
    Answer denied = answers.getLast();
    assertThat(denied.body()).isEqualTo("RESOURCE_EXHAUSTED:quotahandler.istio-system:Quota is exhausted for: requestcountquota");
    assertThat(denied.header("x-ratelimit-limit")).isEqualTo("2");
    assertThat(Integer.parseInt(denied.header("retry-after"))).isBetween(1, 5);
    assertThat(ratings(REVIEWS_V3, PLAIN).status()).as("bound to productpage alone").isEqualTo(200);
    mesh.until("the window to have gone on", 10, () -> mesh.page(PLAIN).status() == 200);
  }

  @Test
  void fiftyRatingsInThirtySecondsByRedisquota() throws IOException {
    sampleWithRedis("mixer-rule-ratings-redis-quota-rolling-window.yaml");
    mesh.until("the limit to be told", 20, () -> ratings(REVIEWS_V3, PLAIN).header("x-ratelimit-limit").equals("50"));
    int allowed = 1;
    while (ratings(REVIEWS_V3, PLAIN).status() == 200) {
      assertThat(++allowed).as("in much less than 30 s").isLessThanOrEqualTo(50);
    }
    Answer denied = ratings(REVIEWS_V3, PLAIN);
    assertThat(denied.status()).isEqualTo(429);
    assertThat(denied.body()).isEqualTo("RESOURCE_EXHAUSTED:redishandler.istio-system:Quota is exhausted for: requestcountquota");
    assertThat(ratings(PRODUCTPAGE, PLAIN).header("x-ratelimit-limit")).as("for others than reviews").isEqualTo("100");
    assertThat(allowed).as("none of 50 is lost without load").isBetween(45, 50);
  }

  @Test
  void headersAreChanged() {
    apply(
        mesh.written(
            "headers.yaml",
            """
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: tested}
            spec:
              match: destination.labels["app"] == "ratings"
              responseHeaderOperations:
              - {name: x-called, values: ['destination.labels["app"]'], operation: REPLACE}
              - {name: x-from, values: ['source.labels["version"]'], operation: APPEND}
            """));
    mesh.until("an answer to be changed", 20, () -> ratings(REVIEWS_V3, PLAIN).header("x-called").equals("ratings"));
    assertThat(ratings(REVIEWS_V3, PLAIN).header("x-from")).isEqualTo("v3");
    assertThat(ratings(REVIEWS_V2, PLAIN).header("x-from")).isEqualTo("v2");
  }

  @Test
  void theApplicationSeesTheHeadAsRulesMadeIt() throws IOException {
    try (HeadEcho v2 = new HeadEcho(mesh, REVIEWS_V2);
        HeadEcho v3 = new HeadEcho(mesh, REVIEWS_V3)) {
      apply(
          mesh.written(
              "request-headers.yaml",
              """
              apiVersion: config.istio.io/v1alpha2
              kind: rule
              metadata: {name: tested}
              spec:
                match: destination.labels["app"] == "reviews"
                requestHeaderOperations:
                - {name: x-caller, values: ['source.labels["app"]']}
                - {name: x-group, values: ['"gold"', 'request.headers["x-user"] | "nobody"'], operation: APPEND}
                - {name: x-secret, operation: REMOVE}
                - {name: x-absent, values: ['request.headers["x-nothing"]']}
                responseHeaderOperations:
                - {name: x-answered, values: ['destination.labels["version"]'], operation: REPLACE}
              """));
      Map<String, String> sent = Map.of("x-caller", "somebody else", "x-group", "silver", "x-user", "ann", "x-secret", "42", "x-kept", "yes");
      mesh.until("the request to be changed", 20, () -> reviews(sent).body().contains("x-caller: productpage"));
      for (int i = 0; i < 4; i++) {
        Answer answer = reviews(sent);
        assertThat(answer.body().lines())
            .contains("x-caller: productpage", "x-group: silver,gold,ann", "x-user: ann", "x-kept: yes")
            .noneMatch(line -> line.startsWith("x-secret") || line.startsWith("x-absent"));
        assertThat(answer.header("x-answered")).isIn("v2", "v3");
      }
      assertThat(reviews(PLAIN).body().lines()).contains("x-group: gold,nobody");
    }
  }

  private static Answer reviews(Map<String, String> headers) {
    return mesh.call(PRODUCTPAGE, "http://reviews:9080/reviews/0", headers);
  }

  @Test
  void whatAnOpenPolicyAgentSays() {
    String opa =
        PolicyPeer.opa(
            mesh,
            """
            package mixerauthz
            default allow := false
            allow if input.subject.user == "mary"
            """);
    apply(
        mesh.written(
            "opa.yaml",
            """
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata: {name: tested}
            spec: {compiledAdapter: opa, params: {url: "http://%s", checkMethod: data.mixerauthz.allow}}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata: {name: tested}
            spec: {compiledTemplate: authorization, params: {subject: {user: 'request.headers["x-user"] | ""'}, action: {method: request.method}}}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: tested}
            spec: {match: 'destination.labels["app"] == "ratings"', actions: [{handler: tested, instances: [tested]}]}
            """
                .formatted(opa)));
    mesh.until("john to be denied", 20, () -> ratings(REVIEWS_V3, JOHN).status() == 403);
    assertThat(ratings(REVIEWS_V3, Map.of("x-user", "mary")).status()).isEqualTo(200);
  }

  @Test
  void whoHasAKey() {
    apply(
        mesh.written(
            "keys.yaml",
            """
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata: {name: tested}
            spec:
              compiledAdapter: apikey
              params:
                keys: [{name: shop, sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b, apis: [ratings]}]
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata: {name: tested}
            spec: {compiledTemplate: apikey, params: {apiKey: 'request.headers["x-api-key"] | ""', api: destination.service.name}}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: tested}
            spec: {match: 'destination.labels["app"] == "ratings"', actions: [{handler: tested, instances: [tested]}]}
            """));
    mesh.until("a key to be needed", 20, () -> ratings(REVIEWS_V3, PLAIN).status() == 401);
    assertThat(ratings(REVIEWS_V3, Map.of("x-api-key", "guess")).body()).isEqualTo("UNAUTHENTICATED:tested.default:the API key is not known");
    assertThat(ratings(REVIEWS_V3, Map.of("x-api-key", "secret")).status()).isEqualTo(200);
  }

  @Test
  void requestsThatAreOverAreLogged() {
    Path log = mesh.run("tasks.json");
    apply(
        mesh.written(
            "logs.yaml",
            """
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata: {name: tested}
            spec: {compiledAdapter: stdio, params: {logStream: FILE, outputPath: %s}}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata: {name: newlog}
            spec:
              compiledTemplate: logentry
              params:
                severity: '"warning"'
                timestamp: request.time
                variables:
                  source: source.labels["app"] | source.workload.name | "unknown"
                  destination: destination.labels["app"] | "unknown"
                  responseCode: response.code | 0
                  latency: response.duration | "0ms"
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: tested}
            spec: {match: 'destination.labels["app"] == "ratings"', actions: [{handler: tested, instances: [newlog]}]}
            """
                .formatted(log)));
    mesh.until("a line", 20, () -> {
      assertThat(ratings(REVIEWS_V3, PLAIN).status()).isEqualTo(200);
      return Files.exists(log) && Files.readString(log).contains("\"source\":\"reviews\"");
    });
    assertThat(log).content().contains("\"destination\":\"ratings\"", "\"responseCode\":200", "\"latency\":");
  }
}

package dev.tenon.e2e;

import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V1;
import static dev.tenon.e2e.mesh.Bookinfo.REVIEWS_V3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.Jars;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The samples of the request path's plug points, dropped into running proxies, seen at work, and taken out again. */
@Tag("system")
class PlugsTest {
  private static final Map<String, String> ANYBODY = Map.of();
  private static final Map<String, String> SHOP = Map.of("x-api-key", "k1");
  private static final String PATH = "/reviews/0";
  private static final int USERS = 30;
  private static TestMesh mesh;
  private static Path written;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("plugs");
    written = mesh.run().resolve("requests.json");
    mesh.gateway();
    mesh.sidecar(REVIEWS_V1, "  telemetry: [{sink: jsonlines, config: {file: %s}}]".formatted(written)).application(REVIEWS_V1);
    mesh.workload(REVIEWS_V3);
    mesh.converged(3);
    mesh.apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: front}
        spec:
          selector: {istio: ingressgateway}
          servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: front}
        spec:
          hosts: ["*"]
          gateways: [front]
          http: [{route: [{destination: {host: reviews, port: {number: 9080}}}]}]
        """);
    mesh.until("answers of both versions through the gateway", 20, () -> versions("a").equals(Set.of("v1", "v3")));
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @Test
  void aRequestFilterActsWhileItsJarIsThere() throws IOException {
    mesh.apply(
        """
        apiVersion: extensions.tenon.dev/v1alpha1
        kind: RequestFilter
        metadata: {name: tenants}
        spec:
          selector: {matchLabels: {version: v1}}
          phase: AUTHN
          plugin: tenanttag
          config: {tenants: {k1: shop}}
        """);
    mesh.until("the absent filter to close the service", 10, () -> inbound(REVIEWS_V1, SHOP).status() == 503);
    assertThat(inbound(REVIEWS_V1, SHOP).body()).isEqualTo("the request filter default/tenants cannot be asked");
    assertThat(inbound(REVIEWS_V3, ANYBODY).status()).as("it selects another workload").isEqualTo(200);

    Path dropped = drop("tenanttag", "reviews-v1");
    mesh.until("the filter to let a tenant in", 10, () -> inbound(REVIEWS_V1, SHOP).status() == 200);
    assertThat(inbound(REVIEWS_V1, SHOP).header("x-tenant")).isEqualTo("shop");
    assertThat(inbound(REVIEWS_V1, ANYBODY).status()).isEqualTo(401);

    Files.delete(dropped);
    mesh.until("the absent filter to close the service again", 10, () -> inbound(REVIEWS_V1, SHOP).status() == 503);
    assertThat(mesh.tenon("delete", "requestfilter", "tenants").exit()).isZero();
    mesh.until("no filter", 10, () -> inbound(REVIEWS_V1, ANYBODY).status() == 200);
  }

  @Test
  void aBalancerChoosesWhileItsJarIsThere() throws IOException {
    mesh.apply(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata:
          name: reviews
          annotations:
            traffic.tenon.dev/balancer: stickyhash
            traffic.tenon.dev/balancer-config: "header: x-user"
        spec: {host: reviews, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}}
        """);
    mesh.until("the standard policy to step in", 10, () -> versions("a").equals(Set.of("v1", "v3")));

    Path dropped = drop("stickyhash", "gateway");
    mesh.until("every user to stay with one host", 15, PlugsTest::isSticky);
    Set<String> all = new HashSet<>();
    for (int user = 0; user < USERS; user++) {
      all.addAll(versions("user-" + user));
    }
    assertThat(all).as("users are spread over the hosts").containsExactlyInAnyOrder("v1", "v3");

    Files.delete(dropped);
    mesh.until("the standard policy to step in again", 10, () -> versions("a").equals(Set.of("v1", "v3")));
    assertThat(mesh.tenon("delete", "destinationrule", "reviews").exit()).isZero();
  }

  private static boolean isSticky() {
    for (int user = 0; user < USERS; user++) {
      if (versions("user-" + user).size() != 1) {
        return false;
      }
    }
    return true;
  }

  @Test
  void aSinkIsToldWhileItsJarIsThere() throws IOException {
    Path dropped = drop("jsonlines", "reviews-v1");
    mesh.until(
        "a request to be written down", 15,
        () -> {
          inbound(REVIEWS_V1, Map.of("x-request-id", "told"));
          return Files.exists(written) && Files.readString(written).contains("\"request_id\":\"told\",\"status\":200");
        });
    Files.delete(dropped);
    mesh.until(
        "what the absent sink misses to be counted", 15,
        () -> {
          inbound(REVIEWS_V1, Map.of("x-request-id", "missed"));
          String figures = TestMesh.get(mesh.address(REVIEWS_V1), Member.ADMIN_PORT, "/stats/prometheus", ANYBODY).body();
          return figures.lines().anyMatch(line -> line.startsWith("tenon_telemetry_dropped_total{sink=\"jsonlines\"} ") && !line.endsWith(" 0"));
        });
  }

  private static Path drop(String sample, String process) throws IOException {
    Path staged = Files.copy(mesh.distribution().sample(sample), mesh.run().resolve(sample + ".jar"));
    return Jars.drop(staged, mesh.run(process).resolve("plugins"), sample + ".jar");
  }

  private static Answer inbound(Member member, Map<String, String> headers) {
    return TestMesh.get(mesh.address(member), Member.SERVICE_PORT, PATH, headers);
  }

  /** The versions of reviews that one user sees in six calls. */
  private static Set<String> versions(String user) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      Answer answer = mesh.throughGateway(PATH, Map.of("x-user", user));
      seen.add(answer.status() == 200 ? answer.body().replaceAll("(?s).*\"version\": ?\"(v\\d)\".*", "$1") : "status " + answer.status());
    }
    return seen;
  }
}

package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.architecture.Swaps;
import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.ConsulPeer;
import dev.tenon.e2e.mesh.EnvoyPeer;
import dev.tenon.e2e.mesh.EnvoyPeer.Protocol;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.Swap;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One mesh over two registries: reviews v1 is a workload with a sidecar on a machine, v2 and v3 are
 * instances that a real Consul knows, and one rule means them all, for a sidecar of ours and for a real Envoy.
 */
@Tag("system")
@Swaps("tenon-registry-consul")
class ConsulTest {
  private static final Member CALLER = Bookinfo.DETAILS;
  private static final Member ENVOYS = Bookinfo.RATINGS;
  private static final String REVIEWS = "http://reviews:9080/reviews/0";
  private static final String BY_CONSUL_NAME = "http://reviews.service.consul:9080/reviews/0";
  private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"(v\\d)\"");
  private static final String SUBSETS =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: reviews}
      spec:
        host: reviews
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
        - {name: v3, labels: {version: v3}}
      ---
      """;

  private static ConsulPeer consul;
  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    consul = ConsulPeer.start(Outside.consul());
    mesh =
        TestMesh.start(
                "consul",
                "modules: [galley, mixer, registry-vm, registry-consul, pilot]\npilot: {registries: [consul, vm]}\n"
                    + "registry-consul: {address: \"" + consul.address() + "\", wait: 5s, sweep: 1s, register: true}\n")
            .workload(CALLER)
            .workload(Bookinfo.REVIEWS_V1)
            .registration(ENVOYS)
            .application(ENVOYS)
            .application(Bookinfo.REVIEWS_V2)
            .application(Bookinfo.REVIEWS_V3);
    EnvoyPeer.start(mesh, Outside.envoy(), ENVOYS, Protocol.GRPC);
    register(Bookinfo.REVIEWS_V2);
    register(Bookinfo.REVIEWS_V3);
    mesh.converged(3);
    mesh.until("all three versions to answer", 20, () -> shares(REVIEWS, 60).keySet().equals(Set.of("v1", "v2", "v3")));
  }

  @AfterAll
  static void end() throws IOException {
    try (ConsulPeer ended = consul) {
      if (mesh != null) {
        mesh.close();
      }
    }
  }

  @AfterEach
  void noRules() {
    mesh.tenon("delete", "virtualservice", "reviews", "--wait=60");
    mesh.tenon("delete", "destinationrule", "reviews", "--wait=60");
  }

  @Test
  void oneRuleSplitsOverBothRegistries() throws IOException {
    mesh.route(SUBSETS + split(60, 30, 10));
    Map<String, Double> shares = shares(REVIEWS, 10_000);
    // Five standard deviations of the largest: a draw by lot is not more exact.
    assertThat(shares.get("v1")).isCloseTo(0.6, within(0.025));
    assertThat(shares.get("v2")).isCloseTo(0.3, within(0.025));
    assertThat(shares.get("v3")).isCloseTo(0.1, within(0.025));
    assertThat(shares(BY_CONSUL_NAME, 300)).containsOnlyKeys("v1", "v2", "v3");
  }

  @ParameterizedTest(name = "through the sidecar of {0}")
  @ValueSource(strings = {"details", "ratings"})
  void theConsulSampleOfIstioMeansTheSameHereAndInARealEnvoy(String service) throws IOException {
    Member from = service.equals(ENVOYS.service()) ? ENVOYS : CALLER;
    Path samples = Outside.oldIstioSamples(mesh.distribution()).resolve("bookinfo/platform/consul");
    mesh.route(samples.resolve("destination-rule-all.yaml"));
    mesh.route(samples.resolve("virtual-service-reviews-50-v3.yaml"));
    Map<String, Double> half = shares(from, BY_CONSUL_NAME, 1_000);
    assertThat(half).containsOnlyKeys("v1", "v3");
    assertThat(half.get("v3")).isCloseTo(0.5, within(0.08));
    mesh.route(samples.resolve("virtual-service-reviews-test-v2.yaml"));
    assertThat(shares(from, BY_CONSUL_NAME, 50)).containsOnlyKeys("v1");
    assertThat(version(mesh.call(from, BY_CONSUL_NAME, Map.of("end-user", "jason")))).isEqualTo("v2");
    for (String host : new String[] {"productpage", "ratings", "details"}) {
      mesh.tenon("delete", "destinationrule", host);
    }
  }

  @Test
  void anInstanceWhoseCheckFailsIsNotCalledAndComesBack() {
    consul.report("reviews-v2", "fail");
    mesh.until("v2 to be left out", 10, () -> !shares(REVIEWS, 60).containsKey("v2"));
    consul.report("reviews-v2", "pass");
    mesh.until("v2 to be called again", 10, () -> shares(REVIEWS, 60).containsKey("v2"));
  }

  @Test
  void aTagThatChangesMovesAnInstanceToAnotherSubset() throws IOException {
    mesh.route(SUBSETS + split(0, 100, 0));
    assertThat(shares(REVIEWS, 30)).containsOnlyKeys("v2");
    consul.register("reviews-v3", "reviews", mesh.address(Bookinfo.REVIEWS_V3), Member.APPLICATION_PORT, "version|v2", meta());
    mesh.until("v3's process to be one of subset v2", 10, () -> shares(REVIEWS, 60).containsKey("v3"));
    register(Bookinfo.REVIEWS_V3);
    mesh.until("v3 to be itself again", 10, () -> !shares(REVIEWS, 60).containsKey("v3"));
  }

  @Test
  void noInstanceIsMissingWhileTheRegistryIsReplaced() throws IOException {
    try (Load load = mesh.calls(CALLER, BY_CONSUL_NAME, 60, ConsulTest::version)) {
      load.hold(30);
      Swap.thereAndBack(mesh, "control-plane", "registry-consul", () -> load.hold(60));
      assertThat(load.failures()).isEmpty();
      assertThat(load.kinds()).containsOnlyKeys("v1", "v2", "v3");
    }
    assertThat(status()).doesNotContain("stale");
  }

  @Test
  void theServiceIsShownWithBothItsRegistriesAndWhatTheyDoNotAgreeOn() {
    assertThat(mesh.tenon("services").out()).containsPattern("reviews\\.default\\.svc\\.cluster\\.local +consul, vm +9080/http +3 +reviews\\.service\\.consul");
    assertThat(mesh.tenon("services", "--conflicts").out()).doesNotContain("reviews");
    Map<String, String> other = Map.of("protocol", "tcp", "service-port", String.valueOf(Member.SERVICE_PORT));
    consul.register("details", "details", mesh.address(CALLER), Member.APPLICATION_PORT, "v1", other);
    mesh.until("the conflict to be told", 10, () -> mesh.tenon("services", "--conflicts", "-o", "json").out().contains("speaks TCP, not HTTP"));
    consul.deregister("details");
    mesh.until("no conflict to be left", 10, () -> !mesh.tenon("services", "--conflicts", "-o", "yaml").out().contains("TCP"));
    assertThat(mesh.tenon("metrics").out()).contains("tenon_registry_stale{registry=\"consul\"} 0", "tenon_mesh_conflicts 0");
  }

  @Test
  void withoutConsulTrafficGoesOnAndTheRegistryIsCalledStale() throws IOException {
    try (Load load = mesh.calls(CALLER, REVIEWS, 100, ConsulTest::version)) {
      consul.kill();
      mesh.until("the registry to be called stale", 30, () -> status().contains("stale"));
      assertThat(shares(REVIEWS, 90)).containsOnlyKeys("v1", "v2", "v3");
      consul.restart();
      mesh.until("the registry to be current", 30, () -> !status().contains("stale"));
      assertThat(load.failures()).isEmpty();
    }
    assertThat(shares(REVIEWS, 90)).containsOnlyKeys("v1", "v2", "v3");
    consul.deregister("reviews-v3");
    mesh.until("what changes afterwards to be seen", 15, () -> !shares(REVIEWS, 60).containsKey("v3"));
    register(Bookinfo.REVIEWS_V3);
    mesh.until("v3 to be back", 15, () -> shares(REVIEWS, 60).containsKey("v3"));
  }

  @Test
  void workloadsOfMachinesAreInConsulAndDoNotComeBackFromThere() {
    mesh.until("reviews v1 to be in Consul", 20, () -> consul.ask("GET", "/v1/health/service/reviews?passing", "").contains("tenon-reviews-default-"));
    String there = consul.ask("GET", "/v1/health/service/reviews?passing", "");
    assertThat(there).contains("\"tenon-mesh\"", "\"version\":\"v1\"", mesh.address(Bookinfo.REVIEWS_V1));
    assertThat(there.split("tenon-mesh", -1)).as("v2 and v3 are Consul's own").hasSize(2);
    assertThat(mesh.tenon("services").out()).as("v1 counts once").containsPattern("reviews\\.default\\.svc\\.cluster\\.local +consul, vm +9080/http +3 ");
    assertThat(mesh.tenon("services", "--conflicts").out()).doesNotContain("reviews");
  }

  @Test
  void aControlPlaneThatStartsWhileConsulIsAwayTakesNothingAwayFromAnybody() throws IOException {
    Path kept = mesh.run("control-plane").resolve("state/registry-consul/last-view.json");
    // What is called by now is known; what is known is written every two seconds, and this with it.
    consul.register("kept", "kept", mesh.address(CALLER), Member.APPLICATION_PORT, "kept", Map.of());
    mesh.until("what Consul said to be on disk", 15, () -> Files.exists(kept) && Files.readString(kept).contains("\"kept\""));
    consul.deregister("kept");
    try (Load load = mesh.calls(CALLER, REVIEWS, 100, ConsulTest::version)) {
      load.hold(50);
      consul.kill();
      mesh.until("the registry to be called stale", 30, () -> status().contains("stale"));
      mesh.killControlPlane();
      load.hold(100);
      mesh.restartControlPlane();
      mesh.converged(3);
      assertThat(status()).containsPattern("consul +stale .*has not answered since the start");
      assertThat(shares(REVIEWS, 90)).containsOnlyKeys("v1", "v2", "v3");
      consul.restart();
      mesh.until("the registry to be current", 30, () -> !status().contains("stale"));
      load.hold(50);
      assertThat(load.failures()).isEmpty();
    }
    assertThat(shares(REVIEWS, 90)).containsOnlyKeys("v1", "v2", "v3");
  }

  private static void register(Member member) {
    consul.register(member.name(), member.service(), mesh.address(member), Member.APPLICATION_PORT, "version|" + member.version(), meta());
  }

  private static Map<String, String> meta() {
    return Map.of("protocol", "http", "service-port", String.valueOf(Member.SERVICE_PORT));
  }

  private static String status() {
    return mesh.tenon("status").out();
  }

  private static Map<String, Double> shares(String url, int requests) throws IOException {
    return shares(CALLER, url, requests);
  }

  private static Map<String, Double> shares(Member from, String url, int requests) throws IOException {
    Map<String, Double> shares = new TreeMap<>();
    try (Caller caller = new Caller(mesh.address(from), Member.OUTBOUND_PORT)) {
      for (int i = 0; i < requests; i++) {
        shares.merge(version(caller.get(url, Map.of())), 1.0 / requests, Double::sum);
      }
    }
    return shares;
  }

  private static String version(Answer answer) {
    Matcher version = VERSION.matcher(answer.body());
    return answer.status() == 200 && version.find() ? version.group(1) : "none";
  }

  private static String split(int v1, int v2, int v3) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: reviews}
    spec:
      hosts: [reviews]
      http:
      - route:
        - {destination: {host: reviews, subset: v1}, weight: %d}
        - {destination: {host: reviews, subset: v2}, weight: %d}
        - {destination: {host: reviews, subset: v3}, weight: %d}
    """
        .formatted(v1, v2, v3);
  }
}

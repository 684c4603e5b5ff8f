package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.cli.process.Hosts;
import dev.tenon.cli.process.Mesh;
import dev.tenon.e2e.mesh.ConsulPeer;
import dev.tenon.e2e.mesh.HostMesh;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One mesh over machines and Consul, on hosts of their own. reviews v1 runs on two machines that joined by token, v2 and v3
 * are what a real Consul knows; one rule splits over them. Then everything that directs dies, and then the machines.
 */
@Tag("system")
class OneMeshTest {
  private static final int CALLER = 2;
  private static final int CONSUL = 3;
  private static final int FIRST = 4;
  private static final int SECOND = 5;
  private static final int REQUESTS = 10_000;
  private static final int PER_SECOND = 400;
  private static final int LOADS = 8;
  private static final Map<String, Double> SPLIT = Map.of("v1", 0.6, "v2", 0.3, "v3", 0.1);
  private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"(v\\d)\"");

  private static final String RULES =
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
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: reviews}
      spec:
        hosts: [reviews]
        http:
        - retries: {attempts: 3, perTryTimeout: 3s, retryOn: "connect-failure,refused-stream,reset"}
          route:
          - {destination: {host: reviews, subset: v1}, weight: 60}
          - {destination: {host: reviews, subset: v2}, weight: 30}
          - {destination: {host: reviews, subset: v3}, weight: 10}
      """;

  @TempDir private Path files;

  @BeforeEach
  void permitted() {
    HostMesh.permitted();
  }

  @Test
  void theSplitOutlivesConsulTheControlPlaneAndAMachine() throws Exception {
    Path binary = Outside.consul();
    Hosts hosts = Hosts.reachable(5);
    try (HostMesh all = new HostMesh("one-mesh", hosts, false);
        ConsulPeer consul = ConsulPeer.on(hosts, CONSUL, binary)) {
      Mesh mesh =
          all.controlPlane(
              "modules: [citadel, galley, mixer, registry-vm, registry-consul, pilot]\npilot: {registries: [consul, vm]}\n"
                  + "registry-consul: {address: \"" + consul.address() + "\", wait: 5s, sweep: 1s}\n");
      all.join(CALLER, "details-v1", "details", "outbound: " + hosts.address(CALLER, false) + ", outboundAnywhere: true", "");
      machine(all, FIRST, "reviews-v1-a");
      machine(all, SECOND, "reviews-v1-b");
      instance(all, consul, "v2", 8082);
      instance(all, consul, "v3", 8083);
      mesh.awaitConverged(3);
      mesh.await("four instances of one service", 90, () -> mesh.service("reviews").stream().anyMatch(each -> each.getEndpointsCount() == 4));
      assertThat(mesh.service("reviews").orElseThrow().getSourcesList()).containsExactly("consul", "vm");
      mesh.apply(Files.writeString(files.resolve("rules.yaml"), RULES));
      mesh.await("all versions to answer", 90, () -> List.of("v1", "v2", "v3").stream().allMatch(each -> answers(hosts, each)));

      tell("all alive", split(hosts, REQUESTS, () -> {}));
      // A process that just began may be slow enough for a second try.
      long before = retries(hosts);

      tell("Consul, then the control plane killed", split(hosts, REQUESTS, () -> {
        consul.kill();
        mesh.await("the registry to be called stale", 120, () -> mesh.state("consul").equals("stale"));
        all.processes().kill("control-plane");
      }));
      assertThat(retries(hosts)).as("nothing has to be tried twice for that").isEqualTo(before);

      // Nobody hears that the machine is gone: what is under way is not answered, what comes is not accepted.
      tell("a machine vanished", split(hosts, REQUESTS / 10, () -> hosts.cut(SECOND)));
      assertThat(retries(hosts)).as("calls of the lost machine that the other one answered").isGreaterThan(before);

      tell("the last machine killed", without(all, hosts));
    }
  }

  private static void tell(String when, String what) {
    System.out.println(when + ": " + what);
  }

  private void machine(HostMesh all, int host, String workload) throws IOException {
    all.join(host, workload, "reviews", "", "");
    all.application(host, "application-" + workload, "reviews", "v1", "127.0.0.1:8080");
  }

  private static void instance(HostMesh all, ConsulPeer consul, String version, int port) {
    String address = all.hosts().address(CONSUL, false);
    all.application(CONSUL, "reviews-" + version, "reviews", version, address + ":" + port);
    consul.register(
        "reviews-" + version, "reviews", address, port, "version|" + version,
        Map.of("protocol", "http", "service-port", String.valueOf(Member.SERVICE_PORT)));
  }

  /** A thing that happens while the load goes on. */
  private interface Trouble {
    void happen() throws IOException;
  }

  /** Loads that together ask so often. */
  private static List<Load> load(Hosts hosts) {
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < LOADS; i++) {
      loads.add(
          Load.start(
              hosts.address(CALLER, false), Member.OUTBOUND_PORT, "http://reviews:9080/reviews/0", PER_SECOND / LOADS, OneMeshTest::fault,
              OneMeshTest::version));
    }
    return loads;
  }

  /** So many requests at least, meanwhile something happens, and none fails: the shares are right to 2.5 per cent of 10,000. */
  private static String split(Hosts hosts, int requests, Trouble trouble) throws IOException {
    List<Load> loads = load(hosts);
    try {
      loads.getFirst().hold(20);
      trouble.happen();
      for (Load each : loads) {
        each.hold(Math.max(0, requests / LOADS - each.requests()) + 1);
      }
    } finally {
      loads.forEach(Load::close);
    }
    Map<String, Integer> kinds = kinds(loads);
    int answered = kinds.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(loads.stream().flatMap(each -> each.failures().stream())).isEmpty();
    assertThat(answered).isGreaterThanOrEqualTo(requests);
    // Drawn by lot, a right share is not more exact: five standard deviations.
    double tolerance = 5 * Math.sqrt(0.25 / answered);
    SPLIT.forEach((version, share) ->
        assertThat(kinds.getOrDefault(version, 0) / (double) answered).as(version + " of " + kinds).isCloseTo(share, within(tolerance)));
    return answered + " requests, none failed: " + kinds;
  }

  /** No endpoint of v1 is left: its share is answered with 503, and no other request fails. */
  private static String without(HostMesh all, Hosts hosts) {
    all.processes().kill("reviews-v1-a");
    all.processes().kill("application-reviews-v1-a");
    List<Load> loads = load(hosts);
    try {
      loads.getFirst().hold(50);
    } finally {
      loads.forEach(Load::close);
    }
    Map<String, Integer> kinds = kinds(loads);
    List<String> failures = loads.stream().flatMap(each -> each.failures().stream()).toList();
    int answered = kinds.values().stream().mapToInt(Integer::intValue).sum();
    int requests = answered + failures.size();
    assertThat(kinds).containsOnlyKeys("v2", "v3");
    assertThat(failures).allMatch(each -> each.startsWith("503") || each.startsWith("504"));
    assertThat(answered / (double) requests).as(answered + " of " + requests).isCloseTo(0.4, within(5.5 * Math.sqrt(0.24 / requests)));
    return requests + " requests, " + failures.size() + " of v1's share failed: " + kinds;
  }

  private static Map<String, Integer> kinds(List<Load> loads) {
    Map<String, Integer> all = new TreeMap<>();
    loads.forEach(load -> load.kinds().forEach((kind, count) -> all.merge(kind, count, Integer::sum)));
    return all;
  }

  private static boolean answers(Hosts hosts, String wanted) {
    for (int i = 0; i < 60; i++) {
      Answer answer = TestMesh.get(hosts.address(CALLER, false), Member.OUTBOUND_PORT, "http://reviews:9080/reviews/0", Map.of());
      if (version(answer).equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  /** What the caller's sidecar had to try again. */
  private static long retries(Hosts hosts) throws IOException {
    return hosts.runOn(CALLER, "curl", "-s", "http://127.0.0.1:15000/stats/prometheus").lines()
        .filter(line -> line.startsWith("envoy_cluster_upstream_rq_retry{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String fault(Answer answer) {
    return answer.status() == 200 ? "" : answer.status() + ": " + answer.body();
  }

  private static String version(Answer answer) {
    Matcher version = VERSION.matcher(answer.body());
    return answer.status() == 200 && version.find() ? version.group(1) : "none";
  }
}

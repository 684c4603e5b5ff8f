package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.architecture.Swaps;
import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.Swap;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.wire.admin.v1.ModuleLeaksRequest;
import dev.tenon.wire.admin.v1.ModuleLeaksResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every module of every process is replaced by another build of itself, and brought back, under load. */
@Tag("system")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Swaps({
  "tenon-galley", "tenon-mixer", "tenon-registry-vm", "tenon-pilot", "tenon-proxy", "tenon-agent", "tenon-citadel",
  "tenon-adapter-denier", "tenon-adapter-listchecker", "tenon-adapter-memquota", "tenon-adapter-redisquota",
  "tenon-adapter-prometheus", "tenon-adapter-stdio", "tenon-adapter-statsd", "tenon-adapter-zipkin",
  "tenon-adapter-workloadenv", "tenon-adapter-opa", "tenon-adapter-apikey", "tenon-adapter-remote"
})
class EveryModuleSwapsTest {
  private static final Member DETAILS = Bookinfo.DETAILS;
  private static final String PATH = "/details/0";
  private static final Set<String> SWAPPED = new TreeSet<>();
  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("every-module").gateway().workload(DETAILS).converged(2);
    mesh.apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: front}
        spec:
          selector: {istio: ingressgateway}
          servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
        """);
    mesh.apply(front("all"));
    mesh.until("an answer through the gateway", 20, () -> answer().status() == 200);
  }

  private static String front(String mark) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: front}
        spec:
          hosts: ["*"]
          gateways: [front]
          http:
          - retries: {attempts: 0}
            headers: {response: {set: {x-mark: %s}}}
            route: [{destination: {host: details, port: {number: 9080}}}]
        """
        .formatted(mark);
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(strings = {"control-plane", "gateway", "details-v1"})
  void noRequestFailsAndNoConnectionIsClosedWhileEachModuleIsReplaced(String process) throws IOException {
    try (Load load = mesh.throughGateway(PATH, 60)) {
      load.hold(30);
      for (ModuleInfo module : mesh.modules(process).getModulesList()) {
        SWAPPED.add(Swap.thereAndBack(mesh, process, module.getName(), () -> load.hold(10)));
        assertThat(load.failures()).as("while %s of %s was replaced", module.getName(), process).isEmpty();
      }
      load.hold(60);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).as("connections are handed over, not closed").isZero();
    }
    assertThat(mesh.modules(process).getReady()).isTrue();
    mesh.until("both proxies to agree with the control plane", 20, () -> mesh.level(2));
  }

  @Test
  @Order(2)
  void theseAreTheModulesThatWereReplaced() {
    assertThat(SWAPPED).isEqualTo(new TreeSet<>(Arrays.asList(EveryModuleSwapsTest.class.getAnnotation(Swaps.class).value())));
  }

  @Test
  @Order(3)
  void whatEachModuleKnewIsStillKnown() {
    String before = stats("istio_requests_total");
    assertThat(before).as("requests counted by three generations").isNotEmpty();
    assertThat(counted("envoy_http_downstream_rq_total")).as("counters go on").isGreaterThan(100);
    assertThat(mesh.level(2)).as("the leases are held").isTrue();
    mesh.apply(front("changed"));
    mesh.until("what is applied now to take effect", 20, () -> answer().header("x-mark").equals("changed"));
  }

  @ParameterizedTest
  @Order(4)
  @ValueSource(strings = {"control-plane", "gateway", "details-v1"})
  void everyOldClassLoaderIsCollected(String process) {
    mesh.until("the old generations of " + process + " to be collected", 60, () -> leaks(process).getWaiting() == 0);
    ModuleLeaksResponse leaks = leaks(process);
    assertThat(leaks.getLeaksList()).isEmpty();
    assertThat(leaks.getCollected()).isEqualTo(2L * mesh.modules(process).getModulesCount());
    System.out.println(process + ": " + leaks.getCollections() + " collections in " + leaks.getCollectionMillis() + " ms, "
        + leaks.getLeft() + " things left behind");
  }

  private static ModuleLeaksResponse leaks(String process) {
    try (AdminSocket socket = new AdminSocket(mesh.socket(process))) {
      return socket.modules().leaks(ModuleLeaksRequest.getDefaultInstance());
    }
  }

  private static Answer answer() {
    return mesh.throughGateway(PATH, Map.of());
  }

  private static String stats(String name) {
    String text = TestMesh.get(mesh.address(DETAILS), Member.ADMIN_PORT, "/stats/prometheus", Map.of()).body();
    return text.lines().filter(line -> line.startsWith(name)).findFirst().orElse("");
  }

  private static long counted(String name) {
    String line = stats(name);
    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
  }
}

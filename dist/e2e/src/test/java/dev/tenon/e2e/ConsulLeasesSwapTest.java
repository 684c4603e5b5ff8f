package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.ConsulPeer;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.Swap;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The leases of machines lie in a real Consul, and the module that puts them there is replaced. */
@Tag("system")
class ConsulLeasesSwapTest {
  private static final Member CALLER = Bookinfo.DETAILS;
  private static final Pattern KEY = Pattern.compile("\"Key\":\\s*\"tenon/leases/([^\"]+)\"");
  private static final Pattern VALUE = Pattern.compile("\"Value\":\\s*\"([^\"]+)\"");
  private static ConsulPeer consul;
  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    consul = ConsulPeer.start(Outside.consul());
    mesh =
        TestMesh.start(
                "consul-leases-swap",
                "modules: [galley, mixer, registry-vm, registry-consul, pilot]\npilot: {registries: [consul, vm]}\nregistry-vm: {leases: consul}\n"
                    + "registry-consul: {address: \"" + consul.address() + "\", wait: 5s, sweep: 1s, leadership: tenon/leader}\n")
            .workload(CALLER)
            .workload(Bookinfo.REVIEWS_V1)
            .workload(Bookinfo.REVIEWS_V2)
            .converged(3);
  }

  @AfterAll
  static void end() throws IOException {
    try (ConsulPeer ended = consul) {
      if (mesh != null) {
        mesh.close();
      }
    }
  }

  /** What lies there; Consul answers 404 where nothing does. */
  private static String all() {
    try {
      return consul.ask("GET", "/v1/kv/tenon/leases/?recurse", "");
    } catch (IllegalStateException none) {
      return "";
    }
  }

  /** Each lease's text, by its key; a workload that registered anew would have another id in it. */
  private static Map<String, String> leases() {
    Map<String, String> leases = new TreeMap<>();
    for (String entry : all().split("(?<=\\}),", -1)) {
      Matcher key = KEY.matcher(entry);
      Matcher value = VALUE.matcher(entry);
      if (key.find() && value.find()) {
        leases.put(key.group(1), value.group(1));
      }
    }
    return leases;
  }

  private static boolean held() {
    return all().split("\"Session\"", -1).length == 4;
  }

  private static int workloads() {
    return mesh.control().status().getRegistriesList().stream().filter(each -> each.getName().equals("vm")).mapToInt(each -> each.getWorkloads()).sum();
  }

  @Test
  void noLeaseIsLostWhileTheModuleThatKeepsThemIsReplaced() throws Exception {
    mesh.until("three leases to lie in Consul", 20, () -> leases().size() == 3 && held());
    Map<String, String> before = leases();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger least = new AtomicInteger(3);
    Thread watch = Thread.ofVirtual().start(() -> {
      while (!over.get()) {
        least.accumulateAndGet(Math.min(leases().size(), workloads()), Math::min);
      }
    });
    try (Load load = mesh.calls(CALLER, "http://reviews:9080/reviews/0", 60, Answer::body)) {
      load.hold(30);
      Swap.thereAndBack(mesh, "control-plane", "registry-consul", () -> load.hold(120));
      assertThat(load.failures()).isEmpty();
    } finally {
      over.set(true);
      watch.join();
    }
    assertThat(least).as("workloads at any time, in Consul and in the mesh").hasValue(3);
    assertThat(leases()).as("nobody registered anew").isEqualTo(before);
    mesh.until("each lease to be held", 20, ConsulLeasesSwapTest::held);

    // And what is said after the swap still gets there.
    mesh.processes().stop(Bookinfo.REVIEWS_V2.name());
    mesh.until("the lease of one that leaves to go", 20, () -> leases().size() == 2);
    mesh.sidecar(Bookinfo.REVIEWS_V2);
    mesh.until("the lease of one that comes to lie there", 20, () -> leases().size() == 3 && held());
  }
}

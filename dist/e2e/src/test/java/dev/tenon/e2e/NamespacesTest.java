package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Hosts;
import dev.tenon.cli.process.Mesh;
import dev.tenon.e2e.mesh.HostMesh;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three hosts with a router between: a control plane, a caller, a service, joined over TLS; links are cut and mended. */
@Tag("system")
class NamespacesTest {
  private static final int CALLER = 2;
  private static final int SERVICE = 3;
  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final String SETTINGS = "agent: {timeToLive: " + LEASE.toSeconds() + "s}\n";
  private static final String URL = "http://details:9080/details/0";

  @BeforeEach
  void permitted() {
    HostMesh.permitted();
  }

  private static String call(Hosts hosts) {
    try {
      return hosts.runOn(CALLER, "curl", "-s", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "-x", "http://127.0.0.1:15002", URL);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @ParameterizedTest(name = "IPv6: {0}")
  @ValueSource(booleans = {false, true})
  void aLostHostLeavesAfterItsLeaseAndComesBack(boolean ipv6) throws Exception {
    Hosts hosts = Hosts.apart(3);
    try (HostMesh all = new HostMesh("namespaces", hosts, ipv6)) {
      Mesh mesh = all.controlPlane("");
      all.join(CALLER, "ratings-v1", "ratings", "", SETTINGS);
      all.join(SERVICE, "details-v1", "details", "", SETTINGS);
      all.application(SERVICE, "application", "details", "v1", "127.0.0.1:8080");
      mesh.awaitConverged(2);
      mesh.await("the service to be called", 60, () -> call(hosts).equals("200"));

      hosts.cut(SERVICE);
      long cut = System.nanoTime();
      mesh.await("the lost host to leave", 60, () -> mesh.status().getRegistries(0).getWorkloads() == 1);
      Duration gone = Duration.ofNanos(System.nanoTime() - cut);
      // Its last beat may be a third of the lease old, and on a machine that does much else both it and its end come later.
      assertThat(gone).isBetween(LEASE.dividedBy(2), LEASE.plusSeconds(6));
      mesh.await("its service, which nobody else has, to be unknown", 60, () -> call(hosts).equals("502"));

      hosts.mend(SERVICE);
      mesh.await("the host to come back", 90, () -> mesh.status().getRegistries(0).getWorkloads() == 2);
      mesh.await("the service to be called again", 60, () -> call(hosts).equals("200"));

      hosts.cut(HostMesh.CONTROL_PLANE);
      for (int i = 0; i < 10; i++) {
        assertThat(call(hosts)).as("while the control plane is out of reach").isEqualTo("200");
      }
      hosts.mend(HostMesh.CONTROL_PLANE);
      mesh.await("both hosts to be members", 90, () -> mesh.status().getRegistries(0).getWorkloads() == 2 && mesh.status().getAilingCount() == 0);
      // The leases may have ended at the control plane, which the caller hears of now; and that they begin again.
      mesh.await("the service to be called all the same", 60, () -> call(hosts).equals("200"));
    }
  }
}

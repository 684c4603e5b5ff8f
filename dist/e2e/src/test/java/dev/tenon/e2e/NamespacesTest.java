package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Mesh;
import dev.tenon.cli.process.Processes;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Distribution;
import dev.tenon.e2e.mesh.Hosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three hosts with a router between: a control plane, a caller, a service, joined over TLS; links are cut and mended. */
@Tag("system")
class NamespacesTest {
  private static final int CONTROL_PLANE = 1;
  private static final int CALLER = 2;
  private static final int SERVICE = 3;
  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final String URL = "http://details:9080/details/0";

  private final Distribution distribution = Distribution.built();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path run = Path.of("");
  private Processes processes = new Processes(run, 10);

  @BeforeEach
  void permitted() throws IOException {
    String hindrance = Hosts.hindrance();
    assertThat(hindrance.isEmpty() || !(Hosts.asRoot() && "true".equals(System.getenv("CI")))).as(hindrance).isTrue();
    Assumptions.assumeTrue(hindrance.isEmpty(), hindrance);
    run = Files.createTempDirectory(Path.of("/tmp"), "tenon-ns-");
    processes = new Processes(run, 10);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    processes.close();
    Path kept = Files.createDirectories(distribution.kept().resolve("namespaces"));
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (file.toString().endsWith(".log")) {
          Files.copy(file, kept.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(file);
      }
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  private Mesh controlPlane(Hosts hosts, boolean ipv6) throws IOException {
    Path directory = run.resolve("control-plane");
    Path file =
        Files.writeString(
            run.resolve("control-plane.yaml"),
            """
            run: {directory: "%s"}
            kernel: {grpc: {address: "127.0.0.1:15010", secure: "%s"}}
            """
                .formatted(directory, meshPort(hosts, ipv6)));
    start(hosts, CONTROL_PLANE, "control-plane", "run", "--profile", "control-plane", "--config", file.toString());
    return opened(Mesh.connect(directory.resolve("admin.sock"), processes));
  }

  private static String meshPort(Hosts hosts, boolean ipv6) {
    String address = hosts.address(CONTROL_PLANE, ipv6);
    return (ipv6 ? "[" + address + "]" : address) + ":15012";
  }

  private void start(Hosts hosts, int host, String process, String... words) {
    List<String> command = new ArrayList<>(List.of(distribution.tenon().toString()));
    command.addAll(List.of(words));
    processes.start(process, hosts.on(host, command.toArray(String[]::new)), Map.of("TENON_SKIP_BUILD", "1"));
  }

  private String token(String group) {
    Command.Result made =
        Command.run(distribution, run, "vm", "token", "create", "--group", group, "--socket", run.resolve("control-plane/admin.sock").toString());
    assertThat(made.exit()).as(made.err()).isZero();
    return made.out().strip();
  }

  /** One command on the host: it joins by token, over TLS, and is the sidecar. */
  private void join(Hosts hosts, int host, String service, boolean ipv6) throws IOException {
    Path file =
        Files.writeString(
            run.resolve(service + ".yaml"),
            """
            agent: {timeToLive: %1$ds}
            workload:
              name: %2$s-v1
              address: "%3$s"
              labels: {app: %2$s, version: v1}
              ports:
              - {service: %2$s, port: 9080, application: "127.0.0.1:8080"}
            proxy: {admin: {address: "127.0.0.1:15000"}, httpProxyPort: 15002}
            """
                .formatted(LEASE.toSeconds(), service, hosts.address(host, ipv6)));
    start(hosts, host, service, "vm", "join", "--server", meshPort(hosts, ipv6), "--token", token(service), "--workload", file.toString(),
        "--directory", run.resolve(service).toString(), "--foreground");
  }

  private static String call(Hosts hosts) {
    try {
      return hosts.runOn(CALLER, "curl", "-s", "-m", "2", "-o", "/dev/null", "-w", "%{http_code}", "-x", "http://127.0.0.1:15002", URL);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @ParameterizedTest(name = "IPv6: {0}")
  @ValueSource(booleans = {false, true})
  void aLostHostLeavesAfterItsLeaseAndComesBack(boolean ipv6) throws Exception {
    Hosts hosts = opened(new Hosts(3));
    Mesh mesh = controlPlane(hosts, ipv6);
    join(hosts, CALLER, "ratings", ipv6);
    join(hosts, SERVICE, "details", ipv6);
    processes.start(
        "application",
        hosts.on(SERVICE, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-XX:TieredStopAtLevel=1",
            "-jar", distribution.bookinfo().toString(), "details", "--bind", "127.0.0.1:8080", "--version", "v1"),
        Map.of());
    mesh.awaitConverged(2);
    mesh.await("the service to be called", 20, () -> call(hosts).equals("200"));

    hosts.cut(SERVICE);
    long cut = System.nanoTime();
    mesh.await("the lost host to leave", 20, () -> mesh.status().getRegistries(0).getWorkloads() == 1);
    Duration gone = Duration.ofNanos(System.nanoTime() - cut);
    // Its last beat may be a third of the lease old.
    assertThat(gone).isBetween(LEASE.multipliedBy(2).dividedBy(3).minusMillis(100), LEASE.plusSeconds(2));
    mesh.await("its service, which nobody else has, to be unknown", 5, () -> call(hosts).equals("502"));

    hosts.mend(SERVICE);
    mesh.await("the host to come back", 30, () -> mesh.status().getRegistries(0).getWorkloads() == 2);
    mesh.await("the service to be called again", 20, () -> call(hosts).equals("200"));

    hosts.cut(CONTROL_PLANE);
    for (int i = 0; i < 10; i++) {
      assertThat(call(hosts)).as("while the control plane is out of reach").isEqualTo("200");
    }
    hosts.mend(CONTROL_PLANE);
    mesh.await("both hosts to be members", 30, () -> mesh.status().getRegistries(0).getWorkloads() == 2 && mesh.status().getAilingCount() == 0);
    assertThat(call(hosts)).isEqualTo("200");
  }
}

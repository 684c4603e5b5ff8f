package dev.tenon.e2e.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Hosts;
import dev.tenon.cli.process.Mesh;
import dev.tenon.cli.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A mesh whose members are hosts of their own: network namespaces with a router between. They join by token, over TLS.
 * Host 1 is the control plane's. Closing ends every process, deletes the namespaces and keeps copies of the logs.
 */
public final class HostMesh implements AutoCloseable {
  public static final int CONTROL_PLANE = 1;
  private final String name;
  private final Hosts hosts;
  private final boolean ipv6;
  private final Distribution distribution = Distribution.built();
  private final Path run;
  private final Processes processes;
  private final List<AutoCloseable> open = new ArrayList<>();

  /**
   * Nothing runs there yet.
   *
   * @param name under which the logs are kept
   * @param hosts closed with this
   */
  public HostMesh(String name, Hosts hosts, boolean ipv6) throws IOException {
    this.name = name;
    this.hosts = hosts;
    this.ipv6 = ipv6;
    run = Files.createTempDirectory(Path.of("/tmp"), "tenon-ns-");
    processes = new Processes(run, 40);
  }

  /** Skips the test where namespaces are not permitted; in CI, as root, that is a failure. */
  public static void permitted() {
    String hindrance = Hosts.hindrance();
    assertThat(hindrance.isEmpty() || !(Hosts.asRoot() && "true".equals(System.getenv("CI")))).as(hindrance).isTrue();
    Assumptions.assumeTrue(hindrance.isEmpty(), hindrance);
  }

  public Hosts hosts() {
    return hosts;
  }

  public Processes processes() {
    return processes;
  }

  /** Starts the control plane, with further sections of its configuration, and waits until it is ready. */
  public Mesh controlPlane(String settings) throws IOException {
    Path directory = run.resolve("control-plane");
    Path file =
        Files.writeString(
            run.resolve("control-plane.yaml"),
            """
            run: {directory: "%s"}
            kernel: {grpc: {address: "127.0.0.1:15010", secure: "%s"}}
            %s
            """
                .formatted(directory, meshPort(), settings));
    start(CONTROL_PLANE, "control-plane", "run", "--profile", "control-plane", "--config", file.toString());
    Mesh mesh = Mesh.connect(directory.resolve("admin.sock"), processes);
    open.add(mesh);
    return mesh;
  }

  private String meshPort() {
    String address = hosts.address(CONTROL_PLANE, ipv6);
    return (ipv6 ? "[" + address + "]" : address) + ":15012";
  }

  private void start(int host, String process, String... words) {
    List<String> command = new ArrayList<>(List.of(distribution.tenon().toString()));
    command.addAll(List.of(words));
    processes.start(process, hosts.on(host, command.toArray(String[]::new)), Map.of("TENON_SKIP_BUILD", "1"));
  }

  /** Runs the command against the control plane. */
  public Command.Result tenon(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--socket", run.resolve("control-plane/admin.sock").toString()));
    return Command.run(distribution, run, all.toArray(String[]::new));
  }

  private String token(String group) {
    Command.Result made = tenon("vm", "token", "create", "--group", group);
    assertThat(made.exit()).as(made.err()).isZero();
    return made.out().strip();
  }

  /**
   * One command on the host: it joins by token, over TLS, and is the sidecar of an application at 127.0.0.1:8080.
   *
   * @param workload its name, which its process has too
   * @param proxy further fields of its section {@code proxy}
   * @param settings further sections
   */
  public void join(int host, String workload, String service, String proxy, String settings) throws IOException {
    Path file =
        Files.writeString(
            run.resolve(workload + ".yaml"),
            """
            workload:
              name: %1$s
              address: "%2$s"
              labels: {app: %3$s, version: v1}
              ports:
              - {service: %3$s, port: 9080, application: "127.0.0.1:8080"}
            proxy: {admin: {address: "127.0.0.1:15000"}, httpProxyPort: 15002%4$s}
            %5$s
            """
                .formatted(workload, hosts.address(host, ipv6), service, proxy.isEmpty() ? "" : ", " + proxy, settings));
    start(host, workload, "vm", "join", "--server", meshPort(), "--token", token(service), "--workload", file.toString(),
        "--directory", run.resolve(workload).toString(), "--foreground");
  }

  /** One of Bookinfo's services on a host. What it calls itself is refused at once. */
  public void application(int host, String process, String service, String version, String bind) {
    processes.start(
        process,
        hosts.on(host, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-XX:TieredStopAtLevel=1",
            "-jar", distribution.bookinfo().toString(), service, "--bind", bind, "--version", version),
        Map.of("RATINGS_HOSTNAME", "127.0.0.1", "RATINGS_SERVICE_PORT", "1"));
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
    processes.close();
    hosts.close();
    Path kept = Files.createDirectories(distribution.kept().resolve(name));
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (file.toString().endsWith(".log")) {
          Files.copy(file, kept.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(file);
      }
    }
  }
}

package dev.tenon.e2e.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.cli.process.Mesh;
import dev.tenon.cli.process.Processes;
import dev.tenon.wire.admin.v1.ApplyRequest;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.DeleteRequest;
import dev.tenon.wire.admin.v1.DeleteResponse;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mesh of real processes of the distribution on addresses of its own. Closing ends every process and
 * keeps copies of their logs. The run directory is short, since a Unix socket's path holds 100 bytes.
 */
public final class TestMesh implements AutoCloseable {
  public static final int GATEWAY_PORT = 8080;
  private static final int GATEWAY_HOST = 10;
  private static final int GRACE_SECONDS = 40;

  /** How much longer than on an idle machine things may take; waiting for what comes costs nothing. */
  private static final int PATIENCE = 4;

  private static final Map<String, String> BUILT = Map.of("TENON_SKIP_BUILD", "1");
  private final String name;
  private final String settings;
  private final Distribution distribution = Distribution.built();
  private final Subnet subnet = Subnet.claim();
  private final Path run;
  private final Processes processes;
  private final Set<Member> applications = new LinkedHashSet<>();
  private Mesh mesh;
  private int controlPlanes;

  private TestMesh(String name, String settings) throws IOException {
    this.name = name;
    this.settings = settings;
    run = Files.createTempDirectory(Path.of("/tmp"), "tenon-e2e-");
    processes = new Processes(run, GRACE_SECONDS);
    // When the tests themselves are broken off, nothing of theirs stays behind.
    Runtime.getRuntime().addShutdownHook(new Thread(processes::close, "end-" + name));
    try {
      mesh = controlPlane();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a control plane and waits until it is ready.
   *
   * @param name under which the logs are kept
   */
  public static TestMesh start(String name) throws IOException {
    return new TestMesh(name, "");
  }

  /**
   * Starts a control plane with settings of its own.
   *
   * @param settings sections of its configuration, as YAML
   */
  public static TestMesh start(String name, String settings) throws IOException {
    return new TestMesh(name, settings);
  }

  public Distribution distribution() {
    return distribution;
  }

  public Processes processes() {
    return processes;
  }

  /** What the control plane's socket says, as {@code tenon status} has it. */
  public Mesh control() {
    return mesh;
  }

  public String controlPlaneAddress() {
    return subnet.address(1) + ":15010";
  }

  /** Where it speaks TLS and asks for a credential. */
  public String secureAddress() {
    return subnet.address(1) + ":15012";
  }

  /** One of this mesh's addresses. */
  public String address(int host) {
    return subnet.address(host);
  }

  public String address(Member member) {
    return subnet.address(member.host());
  }

  /** Everything that this mesh writes. */
  public Path run() {
    return run;
  }

  /** The run directory of one process. */
  public Path run(String process) {
    return run.resolve(process);
  }

  public Path socket(String process) {
    return run(process).resolve("admin.sock");
  }

  private Mesh controlPlane() {
    controlPlanes++;
    tenon(
        "control-plane",
        controlPlaneProcess(),
        "control-plane",
        "kernel: {grpc: {address: \"" + controlPlaneAddress() + "\", secure: \"" + secureAddress() + "\"}}\n" + settings);
    return Mesh.connect(socket("control-plane"), processes);
  }

  private String controlPlaneProcess() {
    return "control-plane" + (controlPlanes == 1 ? "" : "-" + controlPlanes);
  }

  /** SIGKILL for the control plane. */
  public void killControlPlane() {
    mesh.close();
    processes.kill(controlPlaneProcess());
  }

  /** Starts the control plane again in the same directory, and waits until it is ready. */
  public void restartControlPlane() {
    mesh = controlPlane();
  }

  /**
   * A policy service by itself, with the control plane's configuration; waits until it listens.
   *
   * @param host the last number of its address
   * @param settings further sections, as YAML
   * @return where it is asked
   */
  public String policyService(String name, int host, String settings) {
    String address = address(host) + ":15011";
    tenon(
        "policy",
        name,
        name,
        "kernel: {grpc: {address: \"" + address + "\"}}\ngalley: {directory: " + run("control-plane").resolve("config") + "}\n" + settings);
    until(name + " to listen", 30, () -> {
      processes.check();
      try (Socket socket = new Socket(address(host), 15011)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    });
    return address;
  }

  /** The ingress gateway. */
  public TestMesh gateway() {
    String address = subnet.address(GATEWAY_HOST);
    tenon(
        "gateway",
        "gateway",
        "gateway",
        """
        kernel: {loops: 1}
        mesh: {controlPlane: "%1$s"}
        workload:
          name: istio-ingressgateway
          namespace: istio-system
          address: %2$s
          labels: {istio: ingressgateway, app: istio-ingressgateway}
          ports: []
        proxy:
          admin: {address: "%2$s:%3$d"}
          buildHeader: true
        """
            .formatted(controlPlaneAddress(), address, Member.ADMIN_PORT));
    return this;
  }

  /** A workload: its sidecar and its application. */
  public TestMesh workload(Member member) {
    sidecar(member);
    application(member);
    return this;
  }

  public TestMesh sidecar(Member member) {
    return sidecar(member, "");
  }

  /**
   * A sidecar with more settings than usual.
   *
   * @param settings further sections, as YAML
   */
  public TestMesh sidecar(Member member, String settings) {
    String config = member.sidecarConfig(address(member), controlPlaneAddress()) + settings;
    tenon("sidecar", member.name(), member.name(), config);
    return this;
  }

  /**
   * A sidecar whose workload says more than usual.
   *
   * @param workload further fields of its section {@code workload}, as YAML in one line each
   */
  public TestMesh probedSidecar(Member member, String workload) {
    String config = member.sidecarConfig(address(member), controlPlaneAddress());
    tenon("sidecar", member.name(), member.name(), config.replaceFirst("(?m)^workload:$", "workload:\n  " + workload));
    return this;
  }

  /** Registers a workload whose proxy is another's. */
  public TestMesh registration(Member member) {
    tenon("workload", member.name(), member.name(), member.workloadConfig(address(member), controlPlaneAddress()));
    return this;
  }

  /** One of Bookinfo's services, which calls the others through its sidecar. */
  public TestMesh application(Member member) {
    applications.add(member);
    processes.start(
        application(member.name()),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m", "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-jar", distribution.bookinfo().toString(), member.service(),
            "--bind", address(member) + ":" + Member.APPLICATION_PORT, "--version", member.version()),
        Map.of("HTTP_PROXY", "http://" + address(member) + ":" + Member.OUTBOUND_PORT, "NO_PROXY", ""));
    return this;
  }

  /** The process name of a workload's application. */
  public static String application(String workload) {
    return "app-" + workload;
  }

  private void tenon(String profile, String process, String directory, String config) {
    try {
      Files.createDirectories(run(directory));
      Path file = Files.writeString(run.resolve(directory + ".yaml"), config);
      processes.start(
          process,
          List.of(
              distribution.tenon().toString(), "run", "--profile", profile, "--config", file.toString(),
              "--set", "run.directory=" + run(directory)),
          BUILT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until so many proxies and workloads are there and all have acknowledged what they were sent. */
  public TestMesh converged(int proxies) {
    mesh.awaitConverged(proxies);
    applications.forEach(this::untilListening);
    return this;
  }

  /** Waits until a workload's application answers, asked directly. */
  public void untilListening(Member member) {
    until(
        member.name() + "'s application to listen",
        20,
        () -> get(address(member), Member.APPLICATION_PORT, "/health", Map.of()).status() == 200);
  }

  /** Whether so many proxies are connected and each has acknowledged all that it was sent. */
  public boolean level(int proxies) {
    List<ProxyStatus> connected =
        mesh.status().getProxiesList().stream().filter(ProxyStatus::getConnected).toList();
    return connected.size() == proxies
        && connected.stream()
            .allMatch(
                proxy ->
                    proxy.getTypesCount() > 0
                        && proxy.getTypesList().stream()
                            .allMatch(type -> type.getVersionSent().equals(type.getVersionAcknowledged())));
  }

  /** Applies a file unchanged and waits until the proxies have acknowledged it. */
  public void apply(Path file) {
    mesh.apply(file);
  }

  /** Applies objects and waits until the proxies have acknowledged them. */
  public void apply(String yaml) {
    mesh.apply(written("applied.yaml", yaml));
  }

  /** Applies a file that concerns what sidecars route, and waits until each of them follows it. */
  public void route(Path file) {
    Map<String, String> before = sidecarVersions();
    ApplyResponse response = offer(file, false);
    assertThat(response.getAccepted()).as(file + ": " + response.getFindingsList()).isTrue();
    if (response.getChangesList().stream().anyMatch(change -> !change.getChange().equals("unchanged"))) {
      until(
          file.getFileName() + " to reach every sidecar",
          20,
          () -> sidecarVersions().entrySet().stream().noneMatch(now -> now.getValue().equals(before.get(now.getKey()))));
    }
    // Changes nothing any more, and waits for acknowledgements.
    mesh.apply(file);
  }

  /** Applies objects that concern what sidecars route, and waits until each of them follows. */
  public void route(String yaml) {
    route(written("applied.yaml", yaml));
  }

  private Map<String, String> sidecarVersions() {
    return mesh.status().getProxiesList().stream()
        .filter(proxy -> proxy.getNode().startsWith("sidecar~") && proxy.getConnected())
        .collect(Collectors.toMap(ProxyStatus::getNode, TestMesh::versions));
  }

  private static String versions(ProxyStatus proxy) {
    return proxy.getTypesList().stream()
        .map(type -> type.getType() + "=" + type.getVersionSent())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** Offers a file as {@code tenon apply} does, and gives what the control plane said. */
  public ApplyResponse offer(Path file, boolean strict) {
    try (AdminSocket socket = new AdminSocket(socket("control-plane"))) {
      return socket
          .config()
          .apply(
              ApplyRequest.newBuilder()
                  .setNamespace("default")
                  .setStrict(strict)
                  .addTexts(Text.newBuilder().setOrigin(file.getFileName().toString()).setYaml(Files.readString(file)))
                  .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes away what a file once applied, all of it in one step. */
  public void withdraw(Path file) {
    try (AdminSocket socket = new AdminSocket(socket("control-plane"))) {
      DeleteResponse response =
          socket
              .config()
              .delete(
                  DeleteRequest.newBuilder()
                      .setNamespace("default")
                      .addTexts(Text.newBuilder().setOrigin(file.getFileName().toString()).setYaml(Files.readString(file)))
                      .build());
      assertThat(response.getFindingsList()).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the command against this control plane. */
  public Command.Result tenon(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--socket", socket("control-plane").toString()));
    return Command.run(distribution, run, all.toArray(String[]::new));
  }

  /** A file of the run directory. */
  public Path written(String file, String text) {
    try {
      return Files.writeString(run.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a process says of its modules. */
  public ListModulesResponse modules(String process) {
    try (AdminSocket socket = new AdminSocket(socket(process))) {
      return socket.modules().list(ListModulesRequest.getDefaultInstance());
    }
  }

  /** The page through the gateway. */
  public Answer page(Map<String, String> headers) {
    return get(subnet.address(GATEWAY_HOST), GATEWAY_PORT, "/productpage", headers);
  }

  /** Asks through the gateway. */
  public Answer throughGateway(String path, Map<String, String> headers) {
    return get(subnet.address(GATEWAY_HOST), GATEWAY_PORT, path, headers);
  }

  /** Asks as a workload's application does: by its sidecar's HTTP proxy. */
  public Answer call(Member from, String url, Map<String, String> headers) {
    return get(address(from), Member.OUTBOUND_PORT, url, headers);
  }

  /** One request on a connection of its own; status 0 when there was no answer. */
  public static Answer get(String host, int port, String target, Map<String, String> headers) {
    try (Caller caller = new Caller(host, port)) {
      return caller.get(target, headers);
    } catch (IOException e) {
      return new Answer(0, Map.of(), e.toString());
    }
  }

  /** A load on the page through the gateway, counted by the version of reviews. */
  public Load pages(int perSecond) {
    return Load.start(
        subnet.address(GATEWAY_HOST), GATEWAY_PORT, "/productpage", perSecond, Page::fault, Page::reviewsVersion);
  }

  /** A load through the gateway, counted by the build of the gateway that answered. */
  public Load throughGateway(String path, int perSecond) {
    return Load.start(
        subnet.address(GATEWAY_HOST), GATEWAY_PORT, path, perSecond, TestMesh::fault, answer -> answer.header("x-tenon-build"));
  }

  /** A load that a workload's application would make, counted by a property of the answer. */
  public Load calls(Member from, String url, int perSecond, Function<Answer, String> kind) {
    return Load.start(address(from), Member.OUTBOUND_PORT, url, perSecond, TestMesh::fault, kind);
  }

  /** A load on a workload's inbound listener, as another sidecar would make it. */
  public Load inbound(Member member, String path, int perSecond, Function<Answer, String> kind) {
    return Load.start(address(member), Member.SERVICE_PORT, path, perSecond, TestMesh::fault, kind);
  }

  private static String fault(Answer answer) {
    return answer.status() == 200 ? "" : answer.status() + ": " + answer.body();
  }

  /**
   * Waits until a condition holds; says what was waited for when it does not come.
   *
   * @param seconds what it takes on an idle machine at most; {@value #PATIENCE} times as long is waited
   */
  public void until(String what, int seconds, java.util.concurrent.Callable<Boolean> condition) {
    await(what).pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds((long) PATIENCE * seconds)).until(condition);
  }

  /** Waits until a process's access log has a line that fits. */
  public void untilLogged(String process, String pattern) {
    await("the access log of " + process)
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(accessLog(process)).anyMatch(line -> line.matches(".*" + pattern + ".*")));
  }

  /** The lines of a process's access log. */
  public List<String> accessLog(String process) {
    Path log = run(process).resolve("logs/access.log");
    try {
      return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (subnet) {
      if (mesh != null) {
        mesh.close();
      }
      processes.close();
      keepLogs();
      delete(run);
    }
  }

  private void keepLogs() throws IOException {
    Path kept = distribution.kept().resolve(name);
    if (Files.exists(kept)) {
      delete(kept);
    }
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(file -> file.toString().matches(".*\\.(log|yaml)")).toList()) {
        Path copy = kept.resolve(run.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> entries = Files.walk(directory)) {
      entries.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path entry : all) {
      Files.deleteIfExists(entry);
    }
  }
}

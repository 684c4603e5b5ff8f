package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.cli.process.Hosts;
import dev.tenon.e2e.mesh.Distribution;
import dev.tenon.e2e.mesh.Outside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo with Consul and with hosts of their own; Ctrl-C in the middle leaves nothing behind, and a second run straight after works. */
@Tag("system")
class DemoTest {
  private final Distribution distribution = Distribution.built();
  private Path run = Path.of("");

  @BeforeEach
  void directory() throws IOException {
    Outside.needed(free(), "127.0.0.1:15010 is taken: another demo runs");
    run = Files.createTempDirectory(Path.of("/tmp"), "tenon-demo-");
  }

  @AfterEach
  void delete() throws IOException {
    Path kept = Files.createDirectories(distribution.kept().resolve("demo"));
    try (Stream<Path> entries = Files.walk(run)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        if (entry.toString().endsWith(".log")) {
          Files.copy(entry, kept.resolve(entry.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.delete(entry);
      }
    }
  }

  @Test
  void withConsulAndHostsOfTheirOwnItShowsTheSplit() throws IOException, InterruptedException {
    Outside.consul();
    Path output = run.resolve("output-with.log");
    Path report = run.resolve("report.json");
    Process demo = demo(output, "--with", "consul", "--with", "vm", "--exit", "--report", report.toString());
    try {
      assertThat(demo.waitFor(600, TimeUnit.SECONDS)).as("the demo ends").isTrue();
    } finally {
      end(demo);
    }
    String said = Files.readString(output);
    assertThat(demo.exitValue()).as(said).isZero();
    assertThat(said).contains("reviews: three instances, known by consul and vm", "reviews 60/30/10", "reviews without Consul", "ann: admitted");
    assertThat(Files.readString(report)).contains("\"passed\": true", "\"60/30/10\"", "\"without Consul\"", "\"rate_limit\"");
    assertThat(processes()).isEmpty();
    assertThat(namespaces(demo)).isEmpty();
  }

  @Test
  void withoutConsulItSaysWhereToGetOne() throws IOException, InterruptedException {
    Path output = run.resolve("output-none.log");
    ProcessBuilder builder = command(output, "--with", "consul", "--exit");
    builder.environment().put("TENON_CONSUL", run.resolve("nowhere").toString());
    Process demo = builder.start();
    try {
      assertThat(demo.waitFor(180, TimeUnit.SECONDS)).as("the demo ends").isTrue();
    } finally {
      end(demo);
    }
    assertThat(demo.exitValue()).isEqualTo(1);
    assertThat(Files.readString(output)).contains("TENON_CONSUL names");
    assertThat(processes()).isEmpty();
  }

  @ParameterizedTest(name = "with {0}")
  @ValueSource(strings = {"", "consul,vm"})
  void interruptedItLeavesNothingAndRunsAgain(String with) throws IOException, InterruptedException {
    if (with.contains("consul")) {
      Outside.consul();
    }
    for (int round = 1; round <= 2; round++) {
      Path output = run.resolve("output-" + round + with + ".log");
      Process demo = with.isEmpty() ? demo(output) : demo(output, "--with", with);
      try {
        await("round " + round + " to converge")
            .atMost(Duration.ofSeconds(200))
            .until(() -> Files.readString(output).contains("every proxy has acknowledged") || !demo.isAlive());
        assertThat(demo.isAlive()).as(Files.readString(output)).isTrue();
        assertThat(processes()).hasSizeGreaterThan(10);
        signal("-INT", demo.pid());
        assertThat(demo.waitFor(90, TimeUnit.SECONDS)).as("the demo ends").isTrue();
      } finally {
        end(demo);
      }
      assertThat(processes()).isEmpty();
      assertThat(namespaces(demo)).isEmpty();
    }
  }

  @Test
  void whereNamespacesAreNotPermittedItSaysSoAndHostsJoinOnLoopback() throws IOException, InterruptedException {
    Path output = run.resolve("output-loopback.log");
    ProcessBuilder builder = command(output, "--with", "vm");
    if (Hosts.asRoot()) {
      builder.command().addAll(0, List.of("setpriv", "--bounding-set=-sys_admin"));
    } else {
      Assumptions.assumeFalse(Hosts.hindrance().isEmpty(), "namespaces are permitted to everybody here");
    }
    Process demo = builder.start();
    try {
      await("the page to be there")
          .atMost(Duration.ofSeconds(200))
          .until(() -> Files.readString(output).contains("the page: ") || !demo.isAlive());
      assertThat(Files.readString(output))
          .contains("no network namespaces here: ", "every workload has a loopback address for a host", "6 hosts have joined with a token each",
              "the page: http://127.0.0.10:8080/productpage");
      signal("-INT", demo.pid());
      assertThat(demo.waitFor(90, TimeUnit.SECONDS)).as("the demo ends").isTrue();
    } finally {
      end(demo);
    }
    assertThat(processes()).isEmpty();
  }

  private static void end(Process demo) throws InterruptedException {
    if (demo.isAlive()) {
      demo.destroy();
      demo.waitFor(90, TimeUnit.SECONDS);
    }
  }

  private Process demo(Path output, String... words) throws IOException {
    return command(output, words).start();
  }

  private ProcessBuilder command(Path output, String... words) {
    // However these tests were started, the demo does not inherit that SIGINT is ignored.
    List<String> command =
        new ArrayList<>(
            List.of("env", "--default-signal=INT", distribution.tenon().toString(), "demo", "--run-directory", run.resolve("demo").toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(run.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("TENON_SKIP_BUILD", "1");
    return builder;
  }

  /** The network namespaces of a demo. */
  private static List<String> namespaces(Process demo) throws IOException {
    Path all = Path.of("/run/netns");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    String prefix = Hosts.prefix(demo.pid());
    try (Stream<Path> names = Files.list(all)) {
      return names.map(each -> String.valueOf(each.getFileName())).filter(each -> each.startsWith(prefix)).toList();
    }
  }

  /** All that run in the demo's directory. */
  private List<Long> processes() {
    return ProcessHandle.allProcesses().filter(this::inside).map(ProcessHandle::pid).toList();
  }

  private boolean inside(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")).startsWith(run);
    } catch (IOException e) {
      return false;
    }
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor()).isZero();
  }

  private static boolean free() {
    try (ServerSocket socket = new ServerSocket(15010, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}

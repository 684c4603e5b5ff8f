package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.e2e.mesh.Distribution;
import dev.tenon.e2e.mesh.Outside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ctrl-C in the middle of the demo leaves nothing behind, and a second run straight after works. */
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
  void interruptedItLeavesNoProcessAndRunsAgain() throws IOException, InterruptedException {
    for (int round = 1; round <= 2; round++) {
      Path output = run.resolve("output-" + round + ".log");
      Process demo = demo(output);
      try {
        await("round " + round + " to converge")
            .atMost(Duration.ofSeconds(60))
            .until(() -> Files.readString(output).contains("every proxy has acknowledged") || !demo.isAlive());
        assertThat(demo.isAlive()).as(Files.readString(output)).isTrue();
        assertThat(processes()).hasSizeGreaterThan(10);
        signal("-INT", demo.pid());
        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).as("the demo ends").isTrue();
      } finally {
        if (demo.isAlive()) {
          demo.destroy();
          demo.waitFor(20, TimeUnit.SECONDS);
        }
      }
      assertThat(processes()).isEmpty();
    }
  }

  private Process demo(Path output) throws IOException {
    // However these tests were started, the demo does not inherit that SIGINT is ignored.
    ProcessBuilder builder =
        new ProcessBuilder(
                "env", "--default-signal=INT",
                distribution.tenon().toString(), "demo", "--run-directory", run.resolve("demo").toString())
            .directory(run.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("TENON_SKIP_BUILD", "1");
    return builder.start();
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

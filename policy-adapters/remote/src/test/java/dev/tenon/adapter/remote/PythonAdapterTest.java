package dev.tenon.adapter.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.QuotaAdapterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample in Python keeps what a quota adapter promises, and denies, is told, and is started anew. */
@Tag("system")
class PythonAdapterTest extends QuotaAdapterContract {
  private static final Path SAMPLE = Path.of("../../dist/samples/python-adapter/adapter.py");
  private static final Path PROTOS = Path.of("../../runtime/wire/src/main/proto");

  @TempDir Path folder;
  private Path log;
  private Process process;
  private int port;

  private static Path python() {
    Path peers =
        Optional.ofNullable(System.getenv("TENON_PEERS"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "tenon-peers"));
    Path python = peers.resolve("python-grpcio-1.85.1/bin/python");
    boolean there = Files.isExecutable(python);
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no Python with grpcio at " + python + ": run .ci/peers/install python");
    }
    assumeTrue(there, "no Python with grpcio at " + python + ": run .ci/peers/install python");
    return python;
  }

  @BeforeEach
  void start() throws Exception {
    Path python = python();
    log = folder.resolve("python.log");
    Process stubs =
        new ProcessBuilder(
                python.toString(), "-m", "grpc_tools.protoc", "-I", PROTOS.toString(), "--python_out=" + folder, "--grpc_python_out=" + folder,
                "dev/tenon/policy/v1/value.proto", "dev/tenon/adapter/v1/adapter.proto")
            .inheritIO()
            .start();
    assertThat(stubs.waitFor(60, TimeUnit.SECONDS) && stubs.exitValue() == 0).as("stubs are made of the .proto files").isTrue();
    run(0);
  }

  /** Starts the adapter; with port 0 on one that it chooses. */
  private void run(int wanted) throws IOException {
    Files.writeString(log, "");
    ProcessBuilder builder =
        new ProcessBuilder(python().toString(), SAMPLE.toString(), "--listen", "127.0.0.1:" + wanted)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("PYTHONPATH", folder.toString());
    process = builder.start();
    await().atMost(120, TimeUnit.SECONDS).until(() -> said().contains("listening on 127.0.0.1:"));
    port = Integer.parseInt(said().lines().findFirst().orElseThrow().replaceFirst(".*:", ""));
  }

  private String said() throws IOException {
    return Files.readString(log);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  protected String plugin() {
    return "tenon-adapter-remote";
  }

  @Override
  protected AdapterFactory factory() {
    return new Remote();
  }

  @Override
  protected String params(long amount, Duration window) {
    return "address: 127.0.0.1:" + port + "\ndeadline: 5s\nconfig: {deny: [mary], amount: " + amount + ", window_seconds: " + window.toMillis() / 1000.0 + "}";
  }

  private Adapter adapter() {
    return factory().build("it.default", fields(params(5, Duration.ofMinutes(1))));
  }

  private static Instance question(String who) {
    return new Instance("who.instance.default", Template.LISTENTRY, Map.of("value", who), GivenRequest.of(Map.of()));
  }

  @Test
  void itDeniesWhoIsNotWelcome() {
    try (Adapter adapter = adapter()) {
      assertThat(adapter.check(question("john"))).isInstanceOf(Verdict.Allow.class);
      assertThat(adapter.check(question("mary")))
          .isEqualTo(new Verdict.Deny(Verdict.Code.PERMISSION_DENIED, "mary is not welcome", Verdict.Validity.ONCE));
    }
  }

  @Test
  void itIsToldOfWhatIsOver() throws Exception {
    try (ReportAdapter adapter = (ReportAdapter) adapter()) {
      Map<String, Object> values = Map.of("value", 1L, "dimensions", Map.of("took", Duration.ofMillis(3)));
      adapter.report(List.of(new Instance("m.instance.default", Template.METRIC, values, GivenRequest.of(Map.of()))));
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(said()).contains("reported 1"));
    }
  }

  @Test
  void itIsKilledAndStartedAnew() throws Exception {
    try (Adapter adapter = adapter()) {
      assertThat(adapter.check(question("mary"))).isInstanceOf(Verdict.Deny.class);
      process.destroyForcibly().waitFor();
      assertThatThrownBy(() -> adapter.check(question("mary"))).hasMessageContaining("UNAVAILABLE");
      run(port);
      await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> adapter.check(question("mary")) instanceof Verdict.Deny);
    }
  }

  @Test
  void itSaysWhatIsWrongWithItsConfiguration() {
    try (Adapter adapter = factory().build("it.default", fields("address: 127.0.0.1:" + port + "\ndeadline: 5s\nconfig: {amout: 1, amount: many}"))) {
      assertThatThrownBy(() -> adapter.check(question("john")))
          .hasMessageContaining("config.amout: unknown; known here: amount, deny, window_seconds")
          .hasMessageContaining("config.amount: should be a number greater than 0");
    }
  }
}

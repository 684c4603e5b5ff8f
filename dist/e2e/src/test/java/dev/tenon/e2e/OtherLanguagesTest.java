package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar asks an adapter in Python, for requests that an expression in CEL chooses. */
@Tag("system")
class OtherLanguagesTest {
  private static final Member DETAILS = Bookinfo.DETAILS;

  private static final int ADAPTER_HOST = 93;
  private static final int PORT = 9070;

  @TempDir Path folder;
  private TestMesh mesh;
  private Path sample;
  private Process python;

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
    Path interpreter = python();
    mesh = TestMesh.start("other-languages").workload(DETAILS).converged(1);
    sample = mesh.distribution().home().resolve("samples/python-adapter");
    Process stubs =
        new ProcessBuilder(
                interpreter.toString(), "-m", "grpc_tools.protoc", "-I", sample.resolve("protos").toString(), "--python_out=" + folder,
                "--grpc_python_out=" + folder, "dev/tenon/policy/v1/value.proto", "dev/tenon/adapter/v1/adapter.proto")
            .inheritIO()
            .start();
    assertThat(stubs.waitFor(60, TimeUnit.SECONDS) && stubs.exitValue() == 0).isTrue();
    run();
  }

  private void run() throws IOException {
    Path log = Files.writeString(folder.resolve("python.log"), "");
    ProcessBuilder builder =
        new ProcessBuilder(python().toString(), sample.resolve("adapter.py").toString(), "--listen", mesh.address(ADAPTER_HOST) + ":" + PORT)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("PYTHONPATH", folder.toString());
    python = builder.start();
    await().atMost(120, TimeUnit.SECONDS).until(() -> Files.readString(log).contains("listening on "));
  }

  @AfterEach
  void end() throws Exception {
    if (python != null) {
      python.destroyForcibly().waitFor();
    }
    if (mesh != null) {
      mesh.close();
    }
  }

  private int status(Map<String, String> headers) {
    return TestMesh.get(mesh.address(DETAILS), 9080, "/details/0", headers).status();
  }

  @Test
  void anAdapterInPythonIsAskedKilledAndAskedAgain() throws Exception {
    mesh.apply(rules(mesh.address(ADAPTER_HOST) + ":" + PORT));
    mesh.until("mary to be denied", 30, () -> status(Map.of("ask", "x", "end-user", "mary")) == 403);
    assertThat(status(Map.of("ask", "x", "end-user", "john"))).isEqualTo(200);
    assertThat(status(Map.of("end-user", "mary"))).as("the match does not hold").isEqualTo(200);
    python.destroyForcibly().waitFor();
    assertThat(status(Map.of("ask", "x", "end-user", "paul"))).as("closed, unless the rule says open; john's verdict may still hold").isEqualTo(503);
    assertThat(status(Map.of("end-user", "mary"))).isEqualTo(200);
    run();
    mesh.until("the adapter to be asked again", 30, () -> status(Map.of("ask", "x", "end-user", "paul")) == 200);
    assertThat(status(Map.of("ask", "x", "end-user", "mary"))).isEqualTo(403);
    String figures = TestMesh.get(mesh.address(DETAILS), Member.ADMIN_PORT, "/stats/prometheus", Map.of()).body();
    assertThat(figures).contains("remote_adapter_calls_total{").contains("remote_adapter_sessions_total{");
  }

  @Test
  void anExpressionInCelThatIsWrongIsRefusedWithItsPlace() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("wrong.yaml"),
            """
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: wrong}
            spec:
              match: 'cel: request.path == 3'
              actions: [{handler: python, instances: [who]}]
            """);
    assertThat(mesh.tenon("apply", "-f", file.toString()).toString())
        .contains("wrong.yaml:5:")
        .contains("no matching overload for '_==_' applied to '(string, int)'");
  }

  private static String rules(String address) {
    return """
      apiVersion: config.istio.io/v1alpha2
      kind: handler
      metadata: {name: python}
      spec:
        compiledAdapter: remote
        params: {address: "%s", config: {deny: [mary]}}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: instance
      metadata: {name: who}
      spec:
        compiledTemplate: listentry
        params: {value: 'cel: "end-user" in request.headers ? request.headers["end-user"] : ""'}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: rule
      metadata: {name: ask}
      spec:
        match: |
          cel: request.path.startsWith("/details") && has(request.headers.ask)
        actions: [{handler: python, instances: [who]}]
      """
        .formatted(address);
  }
}

package dev.tenon.adapter.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.testkit.contract.GivenRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server of Open Policy Agent decides. */
@Tag("system")
class OpaServerTest {
  private static final String POLICY =
      """
      package mixerauthz
      default allow := false
      allow if { input.subject.user == "john"; input.action.method == "GET" }
      """;

  @TempDir Path folder;

  private static Path opa() {
    Path peers =
        Optional.ofNullable(System.getenv("TENON_PEERS"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "tenon-peers"));
    Path binary = peers.resolve("opa-1.22.2/opa");
    boolean there = Files.isExecutable(binary);
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no OPA at " + binary + ": run .ci/peers/install opa");
    }
    assumeTrue(there, "no OPA at " + binary + ": run .ci/peers/install opa");
    return binary;
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static Fields params(int port) {
    Position at = Position.of("handler.yaml");
    return Fields.of(
        new Node.Mapping(
            new LinkedHashMap<>(
                Map.of(
                    "url", new Node.Text("http://127.0.0.1:" + port, at),
                    "checkMethod", new Node.Text("data.mixerauthz.allow", at))),
            at));
  }

  private static Verdict ask(Adapter adapter, String user, String method) {
    Map<String, Object> values = Map.of("subject", Map.of("user", user, "properties", Map.of()), "action", Map.of("method", method));
    return adapter.check(new Instance("it.instance.default", Template.AUTHORIZATION, values, GivenRequest.of(Map.of())));
  }

  @Test
  void aPolicyInRegoDecides() throws Exception {
    int port = free();
    Path policy = Files.writeString(folder.resolve("policy.rego"), POLICY);
    Process server =
        new ProcessBuilder(
                opa().toString(), "run", "--server", "--addr", "127.0.0.1:" + port, "--disable-telemetry", "--log-level", "error",
                policy.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("opa.log").toFile())
            .start();
    try (Adapter adapter = new Opa().build(params(port))) {
      await().atMost(Duration.ofSeconds(40)).until(() -> listens(port));
      assertThat(ask(adapter, "john", "GET")).isEqualTo(Verdict.ALLOW);
      assertThat(ask(adapter, "john", "DELETE")).isInstanceOf(Verdict.Deny.class);
      assertThat(ask(adapter, "mary\"}", "GET")).isInstanceOf(Verdict.Deny.class);
    } finally {
      server.destroyForcibly().waitFor();
    }
  }
}

package dev.tenon.e2e.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real Redis on an address of the test's own, which keeps nothing when it is killed. Its port is none that this machine gives to whoever
 * connects: it is free again when it is started anew.
 */
public final class RedisPeer implements AutoCloseable {
  private static final int PORT = 6379;
  private final Subnet subnet = Subnet.claim();
  private Process process;

  private RedisPeer() throws IOException {
    this.process = start();
  }

  private static Optional<Path> binary() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(each -> Path.of(each, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Skips the test where there is no Redis; where {@code CI=true}, fails it. */
  public static RedisPeer started() {
    if ("true".equals(System.getenv("CI"))) {
      assertThat(binary()).as("redis-server; run .ci/peers/install debian").isPresent();
    }
    assumeTrue(binary().isPresent(), "no redis-server here: run .ci/peers/install debian");
    try {
      return new RedisPeer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start() throws IOException {
    List<String> command =
        List.of(binary().orElseThrow().toString(), "--bind", host(), "--port", "" + PORT, "--save", "", "--appendonly", "no");
    Process started = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly, "end-redis"));
    await("redis-server").atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> ask("PING").startsWith("+PONG"));
    return started;
  }

  /** One command, and the first line of its answer. */
  public String ask(String command) throws IOException {
    try (Socket socket = new Socket(host(), PORT)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[512];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
    }
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  public void restart() {
    try {
      process = start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String host() {
    return subnet.address(1);
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(host(), PORT);
  }

  /** The same, as handlers are given it. */
  public String authority() {
    return host() + ":" + PORT;
  }

  @Override
  public void close() throws IOException {
    try (subnet) {
      kill();
    }
  }
}

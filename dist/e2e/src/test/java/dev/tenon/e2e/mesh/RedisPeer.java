package dev.tenon.e2e.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A real Redis of the test's own on a free port, which keeps nothing when it is killed. */
public final class RedisPeer implements AutoCloseable {
  private final int port;
  private Process process;

  private RedisPeer(int port) throws IOException {
    this.port = port;
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
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = free.getLocalPort();
      free.close();
      return new RedisPeer(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start() throws IOException {
    List<String> command =
        List.of(binary().orElseThrow().toString(), "--bind", "127.0.0.1", "--port", "" + port, "--save", "", "--appendonly", "no");
    Process started = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly, "end-redis"));
    await("redis-server").atMost(Duration.ofSeconds(10)).ignoreExceptions().until(() -> ask("PING").startsWith("+PONG"));
    return started;
  }

  /** One command, and the first line of its answer. */
  public String ask(String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
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

  public int port() {
    return port;
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    kill();
  }
}

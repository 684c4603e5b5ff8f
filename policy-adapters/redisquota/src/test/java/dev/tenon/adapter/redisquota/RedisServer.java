package dev.tenon.adapter.redisquota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A redis-server of the test's own on a free port of loopback, none that this machine gives to whoever connects: it is free again when the
 * server is started anew.
 */
final class RedisServer implements AutoCloseable {
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 100 * 100));
  private final int port;
  private final List<String> options;
  private Process process;

  private RedisServer(int port, List<String> options) throws IOException {
    this.port = port;
    this.options = options;
    this.process = start();
  }

  private static Optional<Path> binary() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(each -> Path.of(each, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Skips the test where there is no Redis; where {@code CI=true}, fails it. */
  static RedisServer start(String... options) {
    if ("true".equals(System.getenv("CI"))) {
      assertThat(binary()).as("redis-server; run .ci/peers/install debian").isPresent();
    }
    assumeTrue(binary().isPresent(), "no redis-server here: run .ci/peers/install debian");
    try {
      return new RedisServer(freePort(), List.of(options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    for (int port = NEXT_PORT.getAndIncrement(); port < 32_000; port = NEXT_PORT.getAndIncrement()) {
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (BindException taken) {
        // The next one.
      }
    }
    throw new IOException("no port is free");
  }

  /** Speaks TLS and nothing else. */
  static RedisServer startTls(Path certificate, Path key, Path authority, String... options) {
    List<String> all = new ArrayList<>(List.of("--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString(),
        "--tls-ca-cert-file", authority.toString(), "--tls-auth-clients", "no"));
    all.addAll(List.of(options));
    return start(all.toArray(String[]::new));
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>(List.of(binary().orElseThrow().toString(), "--bind", "127.0.0.1", "--save", ""));
    boolean tls = options.contains("--tls-cert-file");
    command.addAll(tls ? List.of("--port", "0", "--tls-port", "" + port) : List.of("--port", "" + port));
    command.addAll(options);
    Process started = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      }
    });
    return started;
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  void restart() {
    try {
      process = start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    kill();
  }
}

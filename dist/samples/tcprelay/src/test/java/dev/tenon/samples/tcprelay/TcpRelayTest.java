package dev.tenon.samples.tcprelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.spi.lifecycle.Module;
import dev.tenon.testkit.PluginJar;
import dev.tenon.testkit.TestKernel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class TcpRelayTest {
  @TempDir Path folder;
  private ServerSocket server;
  private TestKernel kernel;
  private int port;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::echo);
    port = freePort();
    kernel = TestKernel.start(
        List.of("tcprelay.listen=127.0.0.1:" + port, "tcprelay.to=127.0.0.1:" + server.getLocalPort(), "kernel.drainDeadline=1s"));
    drop("1");
  }

  @AfterEach
  void stop() throws IOException {
    kernel.close();
    server.close();
  }

  private void drop(String build) throws IOException {
    Path jar = PluginJar.empty().provides(Module.class, TcpRelay.class).with(Relay.class)
        .entry("build", new ByteArrayInputStream(build.getBytes(StandardCharsets.US_ASCII))).write(folder.resolve("tcprelay.jar"));
    kernel.install(jar);
  }

  /** Answers each connection with what it says, and ends when that does. */
  private void echo() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> {
          try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
          } catch (IOException e) {
            // The other side has gone.
          }
        });
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String say(Socket socket, String word) throws IOException {
    socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(word.length()), StandardCharsets.US_ASCII);
  }

  @Test
  void bytesPassBothWaysAndHalfAConnectionMayEndFirst() throws IOException {
    try (Socket socket = connect()) {
      assertThat(say(socket, "hello")).isEqualTo("hello");
      socket.getOutputStream().write("last words".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("last words");
    }
  }

  @Test
  void atASwapAConnectionStaysAndIsEndedInGoodOrderAtTheDrainDeadline() throws IOException {
    try (Socket old = connect()) {
      assertThat(say(old, "hello")).isEqualTo("hello");
      drop("2");
      await().atMost(Duration.ofSeconds(40)).until(() -> kernel.kernel().modules().oldConnections("tcprelay") == 1);
      assertThat(say(old, "still there")).isEqualTo("still there");
      assertThat(old.getInputStream().read()).as("its end, and no reset").isEqualTo(-1);
      try (Socket young = connect()) {
        assertThat(say(young, "hello")).isEqualTo("hello");
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

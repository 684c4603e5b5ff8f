package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.spi.config.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that cannot be given to another generation, as those of raw TCP. */
@SuppressWarnings("NullAway.Init") // each test starts its kernel
class StayTest {
  /** Answers each byte with its letter. Its connections stay; says {@code asks} when asked, {@code ends} at the end. */
  private static String echo(char letter, int port, String asks, String ends) {
    return """
          final class Answer extends io.netty.channel.ChannelInboundHandlerAdapter implements dev.tenon.spi.ports.Farewell {
            private final io.netty.channel.Channel channel;
            Answer(io.netty.channel.Channel channel) { this.channel = channel; }
            public void channelRead(io.netty.channel.ChannelHandlerContext c, Object m) {
              ((io.netty.buffer.ByteBuf) m).release();
              say("%1$s");
            }
            private io.netty.channel.ChannelFuture say(String text) {
              return channel.writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(text.getBytes()));
            }
            public void ask() { %3$s }
            public void end() { %4$s }
          }
          context.ports().listen(new java.net.InetSocketAddress("127.0.0.1", %2$d), (channel, early) -> {
            var answer = new Answer(channel);
            channel.pipeline().addLast(answer);
            context.ports().stay(channel, answer);
            channel.config().setAutoRead(true);
          });
          return new Running() { public void close() {} };
      """.formatted(letter, port, asks, ends);
  }

  private static final String CLOSE = "say(\".\").addListener(io.netty.channel.ChannelFutureListener.CLOSE);";

  @TempDir Path folder;
  private Kernel kernel;
  private int port;

  private Socket connected(String asks, String ends, Duration drain) throws Exception {
    Path home = TestHome.make(folder.resolve("home"));
    port = freePort();
    jar('a', asks, ends).write(home.resolve("modules/echo.jar"));
    BootOptions options = new BootOptions(home, "0", "test", List.of(),
        List.of("run.directory=" + folder.resolve("run"), "modules=[echo]", "kernel.drainDeadline=" + drain.toMillis() + "ms"));
    Node.Mapping all = Settings.read(options);
    kernel = Kernel.start(options, KernelSettings.read(all, "test"), all);
    assertThat(kernel.awaitStart()).isEmpty();
    return connect();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private Jars jar(char letter, String asks, String ends) throws IOException {
    return new Jars(Files.createDirectories(folder.resolve("work-" + letter)))
        .module("echo", echo(letter, port, asks, ends));
  }

  /** Drops the module's next build and waits until it is given the connections. */
  private void swap() throws IOException {
    jar('b', "", CLOSE).write(folder.resolve("run/plugins/echo.jar"));
    await().atMost(Duration.ofSeconds(80)).until(() -> kernel.modules().status().stream()
        .anyMatch(each -> each.generation() == 2 && each.state().equals("active")));
  }

  private static char ask(Socket socket) throws IOException {
    socket.getOutputStream().write('?');
    return (char) socket.getInputStream().read();
  }

  private List<Journal.Event> events(String word) {
    return kernel.modules().events().stream().filter(each -> each.event().equals(word)).toList();
  }

  @AfterEach
  void stop() {
    kernel.close();
  }

  @Test
  void aConnectionThatStaysIsServedByItsOldGenerationWhichEndsWithIt() throws Exception {
    try (Socket old = connected("", CLOSE, Duration.ofMinutes(5))) {
      assertThat(ask(old)).isEqualTo('a');
      swap();
      assertThat(ask(old)).isEqualTo('a');
      try (Socket young = connect()) {
        assertThat(ask(young)).isEqualTo('b');
      }
      assertThat(kernel.modules().oldConnections("echo")).as("what is bound to old code is listed").isEqualTo(1);
    }
    await().atMost(Duration.ofSeconds(80)).until(() -> !events("unloaded").isEmpty());
    assertThat(events("ended")).as("nobody was sent away").isEmpty();
    assertThat(kernel.modules().oldConnections("echo")).isZero();
  }

  @Test
  void atTheDrainDeadlineItIsClosedInItsProtocolsWayAndCounted() throws Exception {
    try (Socket old = connected("", CLOSE, Duration.ofMillis(700))) {
      assertThat(ask(old)).isEqualTo('a');
      swap();
      assertThat(new String(old.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)).as("a good-bye, and no reset").isEqualTo(".");
      await().atMost(Duration.ofSeconds(80)).until(() -> !events("unloaded").isEmpty());
      assertThat(events("ended")).singleElement().satisfies(event -> assertThat(event.detail()).startsWith("1 connections closed"));
    }
  }

  @Test
  void oneThatDoesNotGoByItselfIsCutOffAndCounted() throws Exception {
    try (Socket old = connected("", "", Duration.ofMillis(100))) {
      assertThat(ask(old)).isEqualTo('a');
      swap();
      assertThat(old.getInputStream().read()).isEqualTo(-1);
      await().atMost(Duration.ofSeconds(80)).until(() -> !events("ended").isEmpty());
      assertThat(events("ended").getFirst().detail()).contains("0 connections closed", "1 cut off");
    }
  }

  @Test
  void aProtocolThatCanAskItsPeerToLeaveDoesSoAtOnce() throws Exception {
    try (Socket old = connected(CLOSE, "", Duration.ofMinutes(5))) {
      assertThat(ask(old)).isEqualTo('a');
      swap();
      assertThat(new String(old.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo(".");
      await().atMost(Duration.ofSeconds(80)).until(() -> !events("unloaded").isEmpty());
      assertThat(events("ended")).isEmpty();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.swap.Status;
import dev.tenon.spi.config.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module with open connections is replaced while they talk. */
class SwapUnderLoadTest {
  private static final int SWAPS = 5;
  private static final int CLIENTS = 8;

  /** Answers each byte with the generation's letter; at its drain it gives every connection back. */
  private static String echo(char letter, int port) {
    return """
          var open = ConcurrentHashMap.<io.netty.channel.Channel>newKeySet();
          var ports = context.ports();
          final class Answer extends io.netty.channel.ChannelInboundHandlerAdapter {
            public void channelRead(io.netty.channel.ChannelHandlerContext c, Object m) {
              ((io.netty.buffer.ByteBuf) m).release();
              c.writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(new byte[] {'%1$s'}));
            }
            public void channelInactive(io.netty.channel.ChannelHandlerContext c) { open.remove(c.channel()); }
          }
          ports.listen(new java.net.InetSocketAddress("127.0.0.1", %2$d), (channel, early) -> {
            open.add(channel);
            channel.pipeline().addLast("answer", new Answer());
            if (early != null) channel.pipeline().fireChannelRead(early);
            channel.config().setAutoRead(true);
          });
          return new Running() {
            public CompletionStage<Void> drain(java.time.Duration deadline) {
              var all = new java.util.ArrayList<CompletableFuture<Void>>();
              for (var channel : open) {
                var done = new CompletableFuture<Void>();
                all.add(done);
                channel.eventLoop().execute(() -> {
                  if (channel.isActive()) {
                    channel.pipeline().remove("answer");
                    ports.rehome(channel, null);
                  }
                  done.complete(null);
                });
              }
              return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
            }
            public void close() {}
          };
      """.formatted(letter, port);
  }

  @TempDir Path folder;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile char latest = 'a';

  @Test
  void noAnswerIsLostAndNoConnectionIsClosed() throws Exception {
    Path home = TestHome.make(folder.resolve("home"));
    int port = freePort();
    jar('a', port).write(home.resolve("modules/echo.jar"));
    BootOptions options = new BootOptions(home, "0", "test", List.of(), List.of("run.directory=" + folder.resolve("run"), "modules=[echo]"));
    Node.Mapping all = Settings.read(options);
    try (Kernel kernel = Kernel.start(options, KernelSettings.read(all, "test"), all)) {
      assertThat(kernel.awaitStart()).isEmpty();
      List<Thread> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        clients.add(Thread.ofPlatform().start(() -> talk(port)));
      }
      for (int swap = 1; swap <= SWAPS; swap++) {
        char letter = (char) ('a' + swap);
        int generation = swap + 1;
        jar(letter, port).write(folder.resolve("run/plugins/echo.jar"));
        await().atMost(Duration.ofSeconds(80)).until(() -> kernel.modules().status().stream()
            .allMatch(each -> each.generation() == generation && each.state().equals("active")));
        await().atMost(Duration.ofSeconds(80)).until(() -> latest == letter);
      }
      over.set(true);
      for (Thread client : clients) {
        client.join(10_000);
      }
      assertThat(failures).hasValue(0);
      assertThat(answers.get()).isGreaterThan(CLIENTS * SWAPS);
      assertThat(kernel.modules().status()).extracting(Status::state).containsExactly("active");
    }
  }

  private Jars jar(char letter, int port) throws IOException {
    return new Jars(Files.createDirectories(folder.resolve("work-" + letter)))
        .module("echo", echo(letter, port));
  }

  /** One connection for the whole time: it must never end. */
  private void talk(int port) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(10_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      while (!over.get()) {
        socket.getOutputStream().write('?');
        int answer = socket.getInputStream().read();
        if (answer < 'a') {
          failures.incrementAndGet();
          return;
        }
        latest = (char) Math.max(latest, answer);
        answers.incrementAndGet();
      }
    } catch (IOException e) {
      failures.incrementAndGet();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

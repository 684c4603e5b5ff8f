package dev.tenon.kernel.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.BindFailure;
import dev.tenon.spi.ports.Listening;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorsTest {
  private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private Loops loops = Loops.startNio(1);
  private Doors doors = new Doors(loops);

  @AfterEach
  void close() {
    doors.close();
    loops.close();
  }

  private void on(String transport) {
    close();
    loops = transport.equals("epoll") ? Loops.start(2, new io.netty.util.concurrent.DefaultThreadFactory("loop", true)) : Loops.startNio(2);
    doors = new Doors(loops);
  }

  /** Answers each byte with its letter; gives idle connections back when told to. */
  private static final class Letter extends ChannelInboundHandlerAdapter implements Acceptor {
    private final byte letter;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    Letter(char letter) {
      this.letter = (byte) letter;
    }

    @Override
    public void accept(Channel channel, @Nullable ByteBuf early) {
      open.add(channel);
      channel.pipeline().addLast(this);
      if (early != null) {
        channel.pipeline().fireChannelRead(early);
      }
      channel.config().setAutoRead(true);
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      int bytes = ((ByteBuf) message).readableBytes();
      ((ByteBuf) message).release();
      context.writeAndFlush(Unpooled.wrappedBuffer(String.valueOf((char) letter).repeat(bytes).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    void handOver(LentPorts ports) {
      for (Channel channel : open) {
        channel.eventLoop().execute(() -> {
          channel.pipeline().remove(this);
          assertThat(ports.rehome(channel, null)).isTrue();
        });
      }
    }
  }

  private static char ask(Socket socket) throws IOException {
    socket.getOutputStream().write('?');
    return (char) socket.getInputStream().read();
  }

  private static Socket connect(Listening at) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(5000);
    socket.connect(at.address(), 5000);
    return socket;
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void twoGenerationsShareAnAddressAndTheSwitchMovesIt(String transport) throws Exception {
    on(transport);
    Letter a = new Letter('a');
    Letter b = new Letter('b');
    LentPorts first = doors.lend("proxy");
    LentPorts second = doors.lend("proxy");
    try (Listening at = first.listen(ANY, a); Socket old = connect(at)) {
      assertThat(ask(old)).isEqualTo('a');
      try (Listening same = second.listen(at.address(), b); Socket early = connect(at)) {
        assertThat(same.address()).isEqualTo(at.address());
        assertThat(ask(early)).as("before the switch the old one serves").isEqualTo('a');
        second.switchOver();
        assertThat(loops.onEach(() -> {}, Duration.ofSeconds(5))).isTrue();
        try (Socket late = connect(at)) {
          assertThat(ask(late)).isEqualTo('b');
        }
        assertThat(ask(old)).as("the old one keeps what it has").isEqualTo('a');
        a.handOver(first);
        assertThat(loops.onEach(() -> {}, Duration.ofSeconds(5))).isTrue();
        assertThat(first.connections()).isZero();
        first.close();
        assertThat(loops.onEach(() -> {}, Duration.ofSeconds(5))).isTrue();
        assertThat(ask(old)).as("until it hands it over").isEqualTo('b');
        assertThat(ask(early)).isEqualTo('b');
      }
    }
  }

  @Test
  void noConnectionIsRefusedWhileGenerationsChange() throws Exception {
    on("epoll");
    LentPorts present = doors.lend("proxy");
    Listening at = present.listen(ANY, new Letter('a'));
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(4);
    for (int client = 0; client < 4; client++) {
      Thread.ofPlatform().start(() -> {
        while (!over.get()) {
          try (Socket socket = connect(at)) {
            if (ask(socket) >= 'a') {
              answered.incrementAndGet();
            } else {
              failed.incrementAndGet();
            }
          } catch (IOException e) {
            failed.incrementAndGet();
          }
        }
        done.countDown();
      });
    }
    for (int swap = 0; swap < 50; swap++) {
      LentPorts next = doors.lend("proxy");
      next.listen(at.address(), new Letter((char) ('a' + swap % 26)));
      next.switchOver();
      loops.onEach(() -> {}, Duration.ofSeconds(5));
      LentPorts old = present;
      // As a drain does: what the old one accepted is answered, and its client goes.
      org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> old.connections() == 0);
      old.close();
      present = next;
    }
    over.set(true);
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(failed).hasValue(0);
    assertThat(answered.get()).isGreaterThan(10);
  }

  @Test
  void aDoorThatTheNewGenerationDoesNotWantIsShut() throws Exception {
    LentPorts first = doors.lend("proxy");
    Listening at = first.listen(ANY, new Letter('a'));
    doors.lend("proxy").switchOver();
    assertThat(doors.owner(at.address())).isNull();
    org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThatThrownBy(() -> connect(at).close()).isInstanceOf(IOException.class));
  }

  @Test
  void aGenerationThatFailsLeavesTheOldOneItsDoor() throws Exception {
    LentPorts first = doors.lend("proxy");
    Listening at = first.listen(ANY, new Letter('a'));
    LentPorts second = doors.lend("proxy");
    second.listen(at.address(), new Letter('b'));
    second.close();
    try (Socket socket = connect(at)) {
      assertThat(ask(socket)).isEqualTo('a');
    }
  }

  @Test
  void aTakenPortIsNamedWithTheProcessThatHasIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
      assertThatThrownBy(() -> doors.lend("proxy").listen(address, new Letter('a')))
          .isInstanceOf(BindFailure.class)
          .hasMessageContaining("127.0.0.1:" + address.getPort())
          .hasMessageContaining("taken by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void anotherModulesAddressIsRefusedWithItsName() throws Exception {
    Listening at = doors.lend("proxy").listen(ANY, new Letter('a'));
    assertThatThrownBy(() -> doors.lend("agent").listen(at.address(), new Letter('b')))
        .isInstanceOf(BindFailure.class)
        .hasMessageContaining("the module proxy of this process listens there");
  }

  @Test
  void aListenFromALoopDoesNotWaitForLoops() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    loops.each().getFirst().execute(() -> {
      try {
        doors.lend("proxy").listen(ANY, new Letter('a'));
        done.countDown();
      } catch (BindFailure e) {
        throw new IllegalStateException(e);
      }
    });
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aWarmConnectionIsTakenOnceAndADeadOneNever() throws Exception {
    Letter a = new Letter('a');
    LentPorts ports = doors.lend("proxy");
    Listening at = ports.listen(ANY, a);
    try (Socket lives = connect(at); Socket dies = connect(at)) {
      assertThat(ask(lives)).isEqualTo('a');
      assertThat(ask(dies)).isEqualTo('a');
      var loop = loops.each().getFirst();
      loop.submit(() -> a.open.forEach(each -> {
        each.pipeline().remove(a);
        ports.keepWarm("pool", each);
      })).sync();
      dies.close();
      org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> a.open.stream().filter(Channel::isActive).count() == 1);
      assertThat(loop.submit(() -> ports.takeWarm("other", loop)).get()).isNull();
      Channel taken = loop.submit(() -> ports.takeWarm("pool", loop)).get();
      assertThat(taken).isNotNull();
      assertThat(taken.pipeline().names()).doesNotContain("WarmPool$Keeper#0");
      assertThat(loop.submit(() -> ports.takeWarm("pool", loop)).get()).isNull();
      loop.submit(() -> a.accept(taken, null)).sync();
      assertThat(ask(lives)).isEqualTo('a');
    }
  }
}

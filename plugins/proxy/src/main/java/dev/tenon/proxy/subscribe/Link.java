package dev.tenon.proxy.subscribe;

import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.trust.HostCredential;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscription to the control plane for as long as the proxy lives: one connection with one
 * stream at a time, and a new one whenever that ends. Losing it changes nothing of what is in force.
 *
 * <p>Runs on lent event loops; its own work happens on a {@link Desk}. Any thread may call.
 */
public final class Link implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  /** The largest message taken, in bytes; a larger one ends the stream. */
  static final int LARGEST_MESSAGE = 64 << 20;

  /** A peer is pinged after this silence, and given up when it does not answer in time. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int CONNECT_MILLIS = 2000;
  private static final int CLOSE_MILLIS = 2000;

  private final Peer peer;
  private final NodeIdentity node;
  private final Intake intake;
  private final Desk desk;
  private final ScheduledExecutorService timers;
  private final Backoff backoff = new Backoff(new SplittableRandom());
  private final Cell<Reachability> reachability =
      new Cell<>(new Reachability(false, Instant.now(), 0, ""));
  private @Nullable ManagedChannel channel;
  private @Nullable Session session;
  private @Nullable Future<?> retry;
  private long streams;
  private long opened;
  private boolean connected;
  private boolean closed;

  /**
   * Where the control plane is, and what to reach it with.
   *
   * @param address host and port, resolved anew at each attempt
   * @param loops lent; never shut down here
   * @param channelType fits the loops
   * @param credential what to prove oneself with, read anew at each attempt; without it the connection is not encrypted
   */
  public record Peer(
      InetSocketAddress address,
      EventLoopGroup loops,
      Class<? extends Channel> channelType,
      Optional<HostCredential> credential) {
    @Override
    public String toString() {
      return address.getHostString() + ":" + address.getPort();
    }
  }

  /**
   * A subscription not begun yet.
   *
   * @param desk where the intake is called; share it with whatever else touches the intake
   */
  public Link(Peer peer, NodeIdentity node, Intake intake, Desk desk, ScheduledExecutorService timers) {
    this.peer = peer;
    this.node = node;
    this.intake = intake;
    this.desk = desk;
    this.timers = timers;
  }

  /** Begins; returns at once. */
  public void start() {
    desk.execute(this::connect);
  }

  /** How the subscription stands, as it changes. */
  public Source<Reachability> reachability() {
    return reachability;
  }

  /** Ends it. Returns when nothing of it runs any more, at the latest after two seconds. */
  @Override
  public void close() {
    CompletableFuture<Void> over = new CompletableFuture<>();
    desk.execute(
        () -> {
          closed = true;
          if (retry != null) {
            retry.cancel(false);
          }
          try {
            hangUp();
          } finally {
            over.complete(null);
          }
        });
    try {
      over.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the subscription to {} takes its time to end", peer);
    }
  }

  private void connect() {
    if (closed) {
      return;
    }
    streams++;
    opened = System.nanoTime();
    long number = streams;
    ManagedChannel fresh;
    try {
      fresh = dial();
    } catch (SSLException | IllegalArgumentException e) {
      // Not written yet, or just being replaced.
      lost(number, "the host's credential cannot be used: " + e.getMessage());
      return;
    }
    channel = fresh;
    session = new Session(intake, node.toNode(), () -> established(number), reason -> lost(number, reason));
    session.open(fresh);
  }

  /** A channel serves one stream: so each attempt resolves and connects anew, on our own schedule. */
  private ManagedChannel dial() throws SSLException {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(peer.address().getHostString(), peer.address().getPort());
    if (peer.credential().isPresent()) {
      builder.sslContext(Tls.with(peer.credential().get())).overrideAuthority(HostCredential.SERVER_NAME);
    } else {
      builder.usePlaintext();
    }
    return builder
        .eventLoopGroup(peer.loops())
        .channelType(peer.channelType())
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .executor(desk)
        .offloadExecutor(task -> Thread.ofVirtual().name("tenon-xds-resolve").start(task))
        .proxyDetector(target -> null)
        .disableServiceConfigLookUp()
        .disableRetry()
        .maxInboundMessageSize(LARGEST_MESSAGE)
        .keepAliveTime(SILENCE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .build();
  }

  private void established(long number) {
    if (!connected && !closed && number == streams) {
      connected = true;
      LOG.info("subscribed to the control plane at {} as {}", peer, node.id());
      publish("");
    }
  }

  private void lost(long number, String reason) {
    if (closed || number != streams) {
      return;
    }
    if (System.nanoTime() - opened > Backoff.LONGEST.toNanos()) {
      backoff.reset();
    }
    Duration wait = backoff.next();
    if (connected || streams == 1) {
      LOG.warn("no control plane at {} ({}); what is in force stays, trying again", peer, reason);
    } else {
      LOG.debug("still no control plane at {} ({})", peer, reason);
    }
    connected = false;
    hangUp();
    publish(reason);
    try {
      retry = timers.schedule(() -> desk.execute(this::connect), wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the generation has ended", e);
    }
  }

  private void hangUp() {
    if (session != null) {
      session.cancel();
      session = null;
    }
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }

  private void publish(String problem) {
    reachability.set(new Reachability(connected, Instant.now(), streams, problem));
  }
}

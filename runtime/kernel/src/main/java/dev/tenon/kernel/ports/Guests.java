package dev.tenon.kernel.ports;

import dev.tenon.spi.ports.Farewell;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accepted connections that one generation has, and how those end that nobody else can have. Thread-safe. */
final class Guests {
  /** With whom an accepted connection is. */
  private static final AttributeKey<Guests> WITH = AttributeKey.valueOf(Guests.class, "with");

  private static final Logger log = LoggerFactory.getLogger(Guests.class);
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Stands for a connection that can be given away. */
  private static final Farewell NONE = () -> {};

  private final Map<Channel, Farewell> open = new ConcurrentHashMap<>();
  private final Object emptier = new Object();

  /** Follows a connection from its acceptance to its end. Call once for each. */
  static void follow(Channel channel) {
    channel.closeFuture().addListener(closed -> leave(channel));
  }

  /** A connection comes to this generation, from an older one perhaps. */
  void enter(Channel channel) {
    leave(channel);
    open.put(channel, NONE);
    channel.attr(WITH).set(this);
    if (!channel.isOpen()) {
      leave(channel);
    }
  }

  /** A connection leaves the generation that it is with. */
  static void leave(Channel channel) {
    Guests with = channel.attr(WITH).getAndSet(null);
    if (with != null) {
      with.open.remove(channel);
      synchronized (with.emptier) {
        with.emptier.notifyAll();
      }
    }
  }

  /** One of them stays to its end. */
  void stay(Channel channel, Farewell farewell) {
    open.computeIfPresent(channel, (same, before) -> farewell);
  }

  int count() {
    return open.size();
  }

  private List<Map.Entry<Channel, Farewell>> staying() {
    List<Map.Entry<Channel, Farewell>> staying = new ArrayList<>();
    for (Map.Entry<Channel, Farewell> each : open.entrySet()) {
      if (!each.getValue().equals(NONE)) {
        staying.add(each);
      }
    }
    return staying;
  }

  /** Asks those that stay to leave. */
  void ask() {
    staying().forEach(each -> onLoop(each.getKey(), each.getValue()::ask));
  }

  /**
   * Waits for those that stay, ends them at the deadline, and closes whatever is left a second later.
   *
   * @param deadline of {@link System#nanoTime()}
   */
  Ended end(long deadline) throws InterruptedException {
    awaitStaying(deadline);
    List<Map.Entry<Channel, Farewell>> late = staying();
    int cut = open.size() - late.size();
    CountDownLatch closed = new CountDownLatch(late.size());
    for (Map.Entry<Channel, Farewell> each : late) {
      each.getKey().closeFuture().addListener(done -> closed.countDown());
      onLoop(each.getKey(), each.getValue()::end);
    }
    if (!closed.await(GRACE_NANOS, TimeUnit.NANOSECONDS)) {
      cut += (int) closed.getCount();
    }
    return new Ended(late.size() - (int) closed.getCount(), Math.max(0, cut));
  }

  private void awaitStaying(long deadline) throws InterruptedException {
    synchronized (emptier) {
      long left = deadline - System.nanoTime();
      while (left > 0 && !staying().isEmpty()) {
        TimeUnit.NANOSECONDS.timedWait(emptier, left);
        left = deadline - System.nanoTime();
      }
    }
  }

  /** Closes all that are left. */
  void close() {
    open.keySet().forEach(Channel::close);
  }

  private static void onLoop(Channel channel, Runnable word) {
    try {
      channel.eventLoop().execute(() -> {
        try {
          word.run();
        } catch (RuntimeException | LinkageError e) {
          log.warn("the good-bye of a connection from {} failed", channel.remoteAddress(), e);
          channel.close();
        }
      });
    } catch (RejectedExecutionException e) {
      channel.close();
    }
  }
}

package dev.tenon.mixer.dispatch;

import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.policy.Adapter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An adapter on loan, and how many calls of it are under way. It is closed once, after it was retired
 * and the last call has come back.
 */
public final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final int RETIRED = 1 << 30;

  private final String handler;
  private final Plug plug;
  private final Adapter adapter;
  private final Guard guard;
  private final @Nullable Far far;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  Lease(String handler, Plug plug, Adapter adapter, Guard guard, @Nullable Far far) {
    this.handler = handler;
    this.plug = plug;
    this.adapter = adapter;
    this.guard = guard;
    this.far = far;
  }

  /** Where it is asked instead; null when it is asked here. */
  @Nullable Far far() {
    return far;
  }

  /** Whether calls of it only compute. */
  public boolean nonBlocking() {
    return plug.nonBlocking();
  }

  Plug plug() {
    return plug;
  }

  Adapter adapter() {
    return adapter;
  }

  Guard guard() {
    return guard;
  }

  /** Begins a call; false when the adapter is gone. */
  boolean enter() {
    if (calls.incrementAndGet() < RETIRED) {
      return true;
    }
    leave();
    return false;
  }

  /** Ends a call that was entered and is not made with {@link Handler}. */
  public void leave() {
    if (calls.decrementAndGet() == RETIRED) {
      close();
    }
  }

  /** Lets no further call begin, and closes the adapter once none is under way. Once only. */
  void retire() {
    if (calls.addAndGet(RETIRED) == RETIRED) {
      close();
    }
  }

  /** Waits until it is closed; false when it was not in time. */
  boolean awaitClosed(long nanos) throws InterruptedException {
    return closed.await(nanos, TimeUnit.NANOSECONDS);
  }

  private void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      adapter.close();
    } catch (Throwable t) {
      LOG.warn("handler {}: the adapter {} failed to close", handler, plug.name(), t);
    } finally {
      closed.countDown();
    }
  }
}

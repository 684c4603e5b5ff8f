package dev.tenon.proxy.plug;

import dev.tenon.spi.guard.Guard;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plug-in on loan. Calls on an event loop are not counted, since each loop comes round before a lease
 * is ended; calls on other threads are.
 */
public final class Lease<P extends AutoCloseable> {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final int ENDED = 1 << 30;

  private final Factory<?, P> maker;
  private final P plug;
  private final Guard guard;
  private final AtomicInteger calls = new AtomicInteger();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  Lease(Factory<?, P> maker, P plug, Guard guard) {
    this.maker = maker;
    this.plug = plug;
    this.guard = guard;
  }

  /** The plug-in itself; for one call, never to be kept. */
  public P plug() {
    return plug;
  }

  /** What stands round every call of it. */
  public Guard guard() {
    return guard;
  }

  /** Whether calls of it only compute. */
  public boolean nonBlocking() {
    return maker.nonBlocking();
  }

  Factory<?, P> maker() {
    return maker;
  }

  /** Begins a call on another thread than a loop's; false when the lease has ended. */
  public boolean enter() {
    if (calls.incrementAndGet() < ENDED) {
      return true;
    }
    leave();
    return false;
  }

  /** Ends a call that was entered. */
  public void leave() {
    if (calls.decrementAndGet() == ENDED) {
      close();
    }
  }

  /** Lets no call begin and closes the plug-in once none is under way. Once only. Done when it is closed. */
  CompletionStage<Void> end() {
    if (calls.addAndGet(ENDED) == ENDED) {
      close();
    }
    return closed.minimalCompletionStage();
  }

  private void close() {
    if (closed.isDone()) {
      return;
    }
    try {
      plug.close();
    } catch (Throwable t) {
      LOG.warn("a plug-in {} of {} failed to close", maker.name(), maker.module(), t);
    } finally {
      closed.complete(null);
    }
  }
}

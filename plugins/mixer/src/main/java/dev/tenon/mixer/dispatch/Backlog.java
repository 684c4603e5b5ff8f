package dev.tenon.mixer.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that event loops leave for later: gathered for a moment, then done in batches on a virtual thread.
 * What is more than can wait is dropped and counted. {@link #add} never waits.
 *
 * @param <W> a piece of work
 */
public final class Backlog<W> {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  /** How many pieces wait at most: some 10 s of a sidecar's usual load, a few MB. */
  private static final int MOST = 10_000;

  private static final int BATCH = 500;
  private static final long GATHER_MILLIS = 100;

  private final ConcurrentLinkedQueue<W> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean planned = new AtomicBoolean();
  private final LongAdder dropped = new LongAdder();
  private final ScheduledExecutorService timers;
  private final Consumer<List<W>> worker;

  /**
   * Nothing to do yet.
   *
   * @param worker does it, for one batch at a time
   */
  public Backlog(ScheduledExecutorService timers, Consumer<List<W>> worker) {
    this.timers = timers;
    this.worker = worker;
  }

  /** Leaves a piece of work. */
  public void add(W work) {
    if (waiting.incrementAndGet() > MOST) {
      waiting.decrementAndGet();
      dropped.increment();
      return;
    }
    queue.add(work);
    if (!planned.get() && planned.compareAndSet(false, true)) {
      plan();
    }
  }

  private void plan() {
    try {
      timers.schedule(() -> Thread.ofVirtual().name("policy-reports").start(this::work), GATHER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the generation has ended", e);
    }
  }

  private void work() {
    planned.set(false);
    flush();
  }

  /** Does here and now what waits. */
  public synchronized void flush() {
    for (List<W> batch = take(); !batch.isEmpty(); batch = take()) {
      try {
        worker.accept(batch);
      } catch (RuntimeException e) {
        LOG.warn("{} reports are lost", batch.size(), e);
      }
    }
  }

  private List<W> take() {
    List<W> batch = new ArrayList<>();
    while (batch.size() < BATCH) {
      W work = queue.poll();
      if (work == null) {
        break;
      }
      waiting.decrementAndGet();
      batch.add(work);
    }
    return batch;
  }

  /** How many pieces were dropped. */
  public long dropped() {
    return dropped.sum();
  }
}

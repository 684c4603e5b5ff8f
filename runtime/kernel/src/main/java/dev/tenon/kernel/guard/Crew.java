package dev.tenon.kernel.guard;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which one generation's plugs are called when they may block. Platform threads: one
 * that never comes back costs itself alone, where a virtual one would keep a carrier from all others.
 * They are the generation's own, so that what it leaves in thread-locals goes with it.
 */
final class Crew {
  private static final int MOST = 512;
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Account account;
  private final Roll roll;
  private @Nullable ThreadPoolExecutor threads;
  private boolean ended;

  Crew(Account account, Roll roll) {
    this.account = account;
    this.roll = roll;
  }

  /** Runs a task at once on a thread of its own, or says that none is to be had. */
  boolean run(Runnable task) {
    ThreadPoolExecutor present = threads();
    if (present == null) {
      return false;
    }
    try {
      present.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private synchronized @Nullable ThreadPoolExecutor threads() {
    if (threads == null && !ended) {
      threads = new ThreadPoolExecutor(0, MOST, IDLE.toMillis(), TimeUnit.MILLISECONDS, new SynchronousQueue<>(),
          task -> new MarkedThread(roll, account, task, "plug-" + account.module()));
    }
    return threads;
  }

  /** Interrupts all threads and begins no further one; says whether all have ended soon after. */
  boolean end() {
    ThreadPoolExecutor present;
    synchronized (this) {
      ended = true;
      present = threads;
      threads = null;
    }
    if (present == null) {
      return true;
    }
    present.shutdownNow();
    try {
      return present.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

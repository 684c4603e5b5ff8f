package dev.tenon.kernel.guard;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything that guards plugs in one process. Its watchdog begins with the first guard. Thread-safe.
 */
public final class Guarding implements AutoCloseable {
  /** Is told what happens to modules. Called on the watchdog's thread. */
  @FunctionalInterface
  public interface Listener {
    /** A module's generation is not called any more. */
    void stopped(String module, String reason);
  }

  private final Accounts accounts;
  private final ScheduledThreadPoolExecutor timers;
  private final Watchdog watchdog;
  private final HeapWatch heap;
  private boolean begun;
  private boolean closed;

  /** Guards the event loops of a roll. */
  public Guarding(Roll roll, Listener listener) {
    this.accounts = new Accounts(roll);
    this.timers = new ScheduledThreadPoolExecutor(
        1, Thread.ofPlatform().daemon().name("guard-deadlines").inheritInheritableThreadLocals(false).factory());
    timers.setRemoveOnCancelPolicy(true);
    this.heap = new HeapWatch(accounts);
    this.watchdog = new Watchdog(roll, accounts, listener);
  }

  /** Those that are loaded. */
  public Accounts accounts() {
    return accounts;
  }

  /** Guards for what one generation calls. */
  public LentGuards lend() {
    return new LentGuards(this);
  }

  /** Why this process should be given no work now; empty while all is well. */
  public List<String> hung() {
    return watchdog.hung();
  }

  /** The modules that allocated most lately, for the log. */
  String most() {
    return heap.most();
  }

  /** Starts to watch and to take samples, if that has not begun yet. */
  public synchronized void begin() {
    if (!begun && !closed) {
      begun = true;
      watchdog.start();
      heap.start();
    }
  }

  @Nullable Future<?> timer(Runnable task, Duration delay) {
    try {
      return timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  @Override
  public synchronized void close() throws InterruptedException {
    closed = true;
    timers.shutdownNow();
    watchdog.close();
    heap.close();
    accounts.kernel().close();
  }
}

package dev.tenon.agent.probe;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs things later; apart so that a test can move the time. */
@FunctionalInterface
public interface Timers {
  /** Runs a short task after a delay, unless it is cancelled before. */
  Alarm after(Duration delay, Runnable task);

  /** A task that waits for its time. */
  @FunctionalInterface
  interface Alarm {
    /** It shall not run any more. */
    void cancel();
  }

  /** Timers of a scheduler. */
  static Timers of(ScheduledExecutorService scheduler) {
    return (delay, task) -> {
      Future<?> future = scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    };
  }
}

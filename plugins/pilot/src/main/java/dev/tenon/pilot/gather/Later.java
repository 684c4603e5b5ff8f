package dev.tenon.pilot.gather;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What time it is, and how something is done later: a test has its own time. */
public interface Later {
  /** The present moment. */
  Instant now();

  /** Runs a task once after a delay; forgets it when the generation ends before. */
  void after(Duration delay, Runnable task);

  /** By the machine's clock. */
  static Later by(ScheduledExecutorService timers) {
    return new Later() {
      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public void after(Duration delay, Runnable task) {
        try {
          Future<?> _ = timers.schedule(task, delay.toMillis() + 1, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
          // the generation has ended
        }
      }
    };
  }
}

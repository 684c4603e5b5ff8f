package dev.tenon.registry.consul.watch;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Lets a few questions through at once and then so many each second. For one thread. */
public final class Pace {
  private final long nanosEach;
  private final long burst;
  private long due;

  /** So many each second, and so many more at once after a rest. */
  public Pace(int perSecond, int burst) {
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.burst = nanosEach * burst;
    this.due = System.nanoTime() - this.burst;
  }

  /** Returns when the next question may be asked. */
  public void await() throws InterruptedException {
    long now = System.nanoTime();
    due = Math.max(due, now - burst) + nanosEach;
    if (due > now) {
      TimeUnit.NANOSECONDS.sleep(due - now);
    }
  }

  /** How long to wait after failures in a row: half a second, doubled each time up to ten, less up to a half. */
  public static Duration afterFailures(int count) {
    long most = Math.min(10_000, 500L << Math.min(count - 1, 10));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }

  /** A little less than a duration, so that many registries do not ask in step. */
  public static Duration jittered(Duration duration) {
    return Duration.ofMillis(duration.toMillis() - ThreadLocalRandom.current().nextLong(duration.toMillis() / 5 + 1));
  }
}

package dev.tenon.quotas;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still while the one it reads goes back. Thread-safe. */
public final class SteadyClock implements LongSupplier {
  private final LongSupplier clock;
  private final AtomicLong last;

  /** Reads a clock, in nanoseconds. */
  public SteadyClock(LongSupplier clock) {
    this.clock = clock;
    this.last = new AtomicLong(clock.getAsLong());
  }

  @Override
  public long getAsLong() {
    long now = clock.getAsLong();
    long seen = last.get();
    while (now > seen && !last.compareAndSet(seen, now)) {
      seen = last.get();
    }
    return Math.max(now, seen);
  }
}

package dev.tenon.kernel.guard;

import dev.tenon.spi.guard.Limits;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Whether a plug is well. After some failures in a row it is left alone for a while, then one call
 * tries; its outcome decides what comes next. Thread-safe.
 */
final class Health {
  private final Limits limits;
  private final LongSupplier nanoTime;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicBoolean trying = new AtomicBoolean();
  private volatile boolean quarantined;
  private volatile long until;

  Health(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  boolean quarantined() {
    return quarantined;
  }

  /** Whether a call may be made now; the caller then tells how it went. */
  boolean admits() {
    if (!quarantined) {
      return true;
    }
    return nanoTime.getAsLong() - until >= 0 && trying.compareAndSet(false, true);
  }

  /** Returns whether that ended a quarantine. */
  boolean succeeded() {
    if (failures.get() != 0) {
      failures.set(0);
    }
    if (!quarantined) {
      return false;
    }
    quarantined = false;
    trying.set(false);
    return true;
  }

  /** Returns whether the plug is left alone from now on. */
  boolean failed() {
    boolean enough = failures.incrementAndGet() >= limits.failures();
    if (!quarantined && !enough) {
      return false;
    }
    until = nanoTime.getAsLong() + limits.quarantine().toNanos();
    quarantined = true;
    trying.set(false);
    return true;
  }
}

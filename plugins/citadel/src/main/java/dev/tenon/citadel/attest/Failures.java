package dev.tenon.citadel.attest;

import dev.tenon.citadel.attest.Refusal.Cause;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts failed attempts: who fails ten times in a minute has to wait, and so has everybody once a thousand failed. Thread-safe. */
final class Failures {
  static final int MOST_OF_ONE = 10;
  static final int MOST_OF_ALL = 1_000;
  private static final long MINUTE = 60_000_000_000L;
  private static final int MOST_ADDRESSES = 4_096;

  /** Since when how many. */
  private static final class Count {
    long since;
    int failed;
  }

  private final LongSupplier clock;
  private final Count all = new Count();
  private final Map<String, Count> each =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /** Nobody failed yet; {@code clock} gives nanoseconds that never go back. */
  Failures(LongSupplier clock) {
    this.clock = clock;
    all.since = clock.getAsLong();
  }

  /** Turns away who failed too often. */
  synchronized void check(String address) throws Refusal {
    Count one = each.get(address);
    if (one != null && isOver(one, MOST_OF_ONE)) {
      throw new Refusal(Cause.TOO_MANY, "too many failed attempts from " + address + "; try again in " + secondsLeft(one) + " s");
    }
    if (isOver(all, MOST_OF_ALL)) {
      throw new Refusal(Cause.TOO_MANY, "too many failed attempts from everywhere; try again in " + secondsLeft(all) + " s");
    }
  }

  synchronized void failed(String address) {
    count(all);
    count(each.computeIfAbsent(address, ignored -> {
      Count fresh = new Count();
      fresh.since = clock.getAsLong();
      return fresh;
    }));
  }

  private void count(Count count) {
    if (isPast(count)) {
      count.since = clock.getAsLong();
      count.failed = 0;
    }
    count.failed++;
  }

  private boolean isOver(Count count, int most) {
    return !isPast(count) && count.failed >= most;
  }

  private boolean isPast(Count count) {
    return clock.getAsLong() - count.since >= MINUTE;
  }

  private long secondsLeft(Count count) {
    return 1 + (MINUTE - (clock.getAsLong() - count.since)) / 1_000_000_000L;
  }
}

package dev.tenon.spi.trust;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts failed attempts to prove something, by address: who fails too often within a minute has to wait until it is over. Remembers the
 * latest {@value #MOST_ADDRESSES} addresses, so that whoever has many of them fills no memory. Thread-safe.
 */
public final class Failures {
  /** Addresses that are remembered; of more, those that failed last. */
  public static final int MOST_ADDRESSES = 4_096;

  private static final long MINUTE = 60_000_000_000L;

  /** Since when how many. */
  private static final class Count {
    long since;
    int failed;

    Count(long since) {
      this.since = since;
    }
  }

  private final int mostOfOne;
  private final int mostOfAll;
  private final LongSupplier clock;
  private final Count all;
  private final Map<String, Count> each =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /**
   * Nobody failed yet.
   *
   * @param mostOfOne failures of one address in a minute, after which it waits
   * @param mostOfAll failures of all together, after which everybody waits; {@link Integer#MAX_VALUE} lets nobody wait for others
   * @param clock gives nanoseconds that never go back
   */
  public Failures(int mostOfOne, int mostOfAll, LongSupplier clock) {
    this.mostOfOne = mostOfOne;
    this.mostOfAll = mostOfAll;
    this.clock = clock;
    this.all = new Count(clock.getAsLong());
  }

  /** Why an attempt is not to be looked at, and for how long; empty when it is. */
  public synchronized Optional<String> waits(String address) {
    Count one = each.get(address);
    if (one != null && isOver(one, mostOfOne)) {
      return Optional.of("too many failed attempts from " + address + "; try again in " + secondsLeft(one) + " s");
    }
    if (isOver(all, mostOfAll)) {
      return Optional.of("too many failed attempts from everywhere; try again in " + secondsLeft(all) + " s");
    }
    return Optional.empty();
  }

  /** An attempt failed; says whether that was the one after which its address has to wait. */
  public synchronized boolean failed(String address) {
    count(all);
    return count(each.computeIfAbsent(address, ignored -> new Count(clock.getAsLong()))) == mostOfOne;
  }

  /** Addresses that are remembered now. */
  synchronized int addresses() {
    return each.size();
  }

  private int count(Count count) {
    if (isPast(count)) {
      count.since = clock.getAsLong();
      count.failed = 0;
    }
    return ++count.failed;
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

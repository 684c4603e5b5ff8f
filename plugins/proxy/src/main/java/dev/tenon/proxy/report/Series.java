package dev.tenon.proxy.report;

import java.util.Arrays;

/** What one loop counted of one kind of request. Plain numbers, used on the loop. */
public final class Series {
  /** Upper bounds in milliseconds: Istio's buckets. */
  static final double[] BOUNDS = {
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
    3_600_000
  };

  private static final long[] NANOS = Arrays.stream(BOUNDS).mapToLong(bound -> (long) (bound * 1e6)).toArray();
  private static final int MOST_KINDS = 64;

  private final SeriesKey key;
  private long[] kinds = new long[4];
  private long[] counts = new long[4];
  private int size;
  private final long[] buckets = new long[NANOS.length + 1];
  private long nanos;

  Series(SeriesKey key) {
    this.key = key;
  }

  /** Counts a request. */
  public void count(int status, int flags, long tookNanos) {
    kind((long) flags << 16 | status);
    int bucket = 0;
    while (bucket < NANOS.length && tookNanos > NANOS[bucket]) {
      bucket++;
    }
    buckets[bucket]++;
    nanos += tookNanos;
  }

  private void kind(long kind) {
    for (int i = 0; i < size; i++) {
      if (kinds[i] == kind) {
        counts[i]++;
        return;
      }
    }
    if (size == MOST_KINDS) {
      counts[size - 1]++;
      return;
    }
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    kinds[size] = kind;
    counts[size++] = 1;
  }

  /** Which cluster's requests are counted here. */
  public String cluster() {
    return key.cluster();
  }

  SeriesKey key() {
    return key;
  }

  /** Adds these numbers to others. */
  void addTo(SeriesTotal total) {
    for (int i = 0; i < size; i++) {
      total.kinds.merge(kinds[i], counts[i], Long::sum);
    }
    for (int i = 0; i < buckets.length; i++) {
      total.buckets[i] += buckets[i];
    }
    total.nanos += nanos;
  }
}

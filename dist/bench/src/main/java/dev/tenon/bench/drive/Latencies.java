package dev.tenon.bench.drive;

import java.util.Arrays;

/** The latencies of the latest two million answers, with the moments at which their requests were due. Thread-safe. */
public final class Latencies {
    private static final int KEPT = 1 << 21;

    private final long[] due = new long[KEPT];
    private final int[] micros = new int[KEPT];
    private long count;

    synchronized void add(long dueNanos, long tookNanos) {
        int at = (int) (count++ % KEPT);
        due[at] = dueNanos;
        micros[at] = (int) Math.min(Integer.MAX_VALUE, tookNanos / 1000);
    }

    /** How many there have been. */
    public synchronized long count() {
        return count;
    }

    /** The 99th percentile in microseconds of the requests that were due between two moments; NaN of none. */
    public synchronized double p99(long fromNanos, long toNanos) {
        int[] found = new int[1024];
        int size = 0;
        for (int i = 0; i < Math.min(count, KEPT); i++) {
            if (due[i] - fromNanos >= 0 && due[i] - toNanos < 0) {
                found = size == found.length ? Arrays.copyOf(found, size * 2) : found;
                found[size++] = micros[i];
            }
        }
        Arrays.sort(found, 0, size);
        return size == 0 ? Double.NaN : found[(int) (0.99 * (size - 1))];
    }
}

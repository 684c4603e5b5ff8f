package dev.tenon.proxy.warm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Rehearses until a request costs about as little as it did in the older generation, in bursts with pauses:
 * on a machine with one core the traffic needs it, and so does the compiler, whose work is what is waited for.
 * A cost is the CPU time of this thread for one rehearsed request, in nanoseconds: the cheapest of the last few
 * bursts, since what disturbs a burst can only make it dearer.
 *
 * <p>Uses the calling thread. Interrupting it ends the warm-up.
 */
public final class WarmUp {
  /** How much dearer than the goal is warm enough. */
  static final double ENOUGH = 1.2;

  private static final long BURST_NANOS = TimeUnit.MICROSECONDS.toNanos(1500);
  /** A burst takes a fifth of one core. */
  private static final int PAUSES = 4;

  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final int LAST = 8;
  private static final int MOST_AT_ONCE = 64;
  /**
   * The optimizing compiler takes a method up after 15,000 calls at the latest. What it would take up in the first second of
   * traffic it is to have taken up before, even if the goal is reached by then.
   */
  private static final int LEAST = 16_000;

  /** Without a goal: warm when this many bursts made it no cheaper. */
  private static final int STEADY = 40;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] last = new long[LAST];
  private int bursts;
  private long requests;
  private long best = Long.MAX_VALUE;
  private int since;

  private WarmUp() {}

  /** What a request costs this generation now; looks until it does not get cheaper, at most until the deadline. */
  public static long cost(Duration deadline) throws InterruptedException {
    WarmUp measured = new WarmUp();
    measured.rehearse(OptionalLong.empty(), deadline);
    return measured.recent();
  }

  /**
   * Warms this generation.
   *
   * @return one line for an operator
   * @throws IllegalStateException when a rehearsed request is not answered as it should be
   */
  public static String run(OptionalLong goal, Duration deadline) throws InterruptedException {
    WarmUp warmed = new WarmUp();
    long begin = System.nanoTime();
    boolean warm = warmed.rehearse(goal, deadline);
    return "%d requests in %d ms; one costs %.1f us%s%s".formatted(
        warmed.requests,
        (System.nanoTime() - begin) / 1_000_000,
        warmed.recent() / 1e3,
        goal.isPresent() ? ", in the older generation %.1f us".formatted(goal.getAsLong() / 1e3) : "",
        warm ? "" : "; not warm at its deadline");
  }

  private boolean rehearse(OptionalLong goal, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    try (Rehearsal rehearsal = new Rehearsal()) {
      while (System.nanoTime() - end < 0) {
        long burst = burst(rehearsal);
        if (warm(goal)) {
          return true;
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(SHORTEST_PAUSE_NANOS, burst * PAUSES));
      }
    }
    return false;
  }

  private boolean warm(OptionalLong goal) {
    if (bursts < LAST) {
      return false;
    }
    long now = recent();
    if (goal.isPresent()) {
      return requests >= LEAST && now <= goal.getAsLong() * ENOUGH;
    }
    if (now < best * 0.97) {
      best = now;
      since = bursts;
    }
    return bursts - since >= STEADY;
  }

  private long recent() {
    long cheapest = Long.MAX_VALUE;
    for (int i = 0; i < Math.min(bursts, LAST); i++) {
      cheapest = Math.min(cheapest, last[i]);
    }
    return cheapest;
  }

  /** Returns the CPU time that it took. */
  private long burst(Rehearsal rehearsal) {
    long begin = threads.getCurrentThreadCpuTime();
    long took = 0;
    int done = 0;
    int next = 1;
    while (took < BURST_NANOS) {
      rehearsal.run(next);
      done += next;
      took = threads.getCurrentThreadCpuTime() - begin;
      next = Math.min(MOST_AT_ONCE, next * 2);
    }
    last[bursts % LAST] = took / done;
    bursts++;
    requests += done;
    return took;
  }
}

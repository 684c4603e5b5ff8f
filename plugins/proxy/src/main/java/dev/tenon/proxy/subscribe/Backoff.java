package dev.tenon.proxy.subscribe;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: it doubles from 100 ms to at most 2 s, and each wait is
 * shortened by up to a half by chance, so that proxies which lost one server do not come back at once.
 */
final class Backoff {
  static final Duration SHORTEST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofSeconds(2);

  private final RandomGenerator random;
  private Duration next = SHORTEST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The wait before the next attempt; the one after that waits longer. */
  Duration next() {
    long millis = next.toMillis();
    next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
    return Duration.ofMillis(millis - (long) (random.nextDouble() * (double) millis / 2));
  }

  /** A stream lived for a while: begin again with the shortest wait. */
  void reset() {
    next = SHORTEST;
  }
}

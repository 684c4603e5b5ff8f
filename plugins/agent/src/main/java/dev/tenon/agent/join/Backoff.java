package dev.tenon.agent.join;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: 0.1 to 0.2 s at first, twice as long each time, 1 to 2 s at most. */
public final class Backoff {
  private static final long FIRST_MILLIS = 200;
  private static final long MOST_MILLIS = 2_000;

  private final RandomGenerator random;
  private long millis = FIRST_MILLIS;

  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next waiting time, spread so that many who lost the same server do not return at once. */
  Duration next() {
    long most = millis;
    millis = Math.min(2 * millis, MOST_MILLIS);
    return Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1));
  }

  /** It went well: begin anew the next time. */
  void reset() {
    millis = FIRST_MILLIS;
  }
}

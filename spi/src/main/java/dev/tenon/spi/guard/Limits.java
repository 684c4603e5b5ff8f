package dev.tenon.spi.guard;

import dev.tenon.spi.config.Fields;
import java.time.Duration;

/**
 * What stands around every call of a plug.
 *
 * @param deadline how long a call that may block is waited for; at most a minute
 * @param concurrency how many such calls of one plug may be under way at once; at most 10,000
 * @param failures after how many failures in a row a plug is left alone
 * @param quarantine for how long, at most a minute; then one call tries whether it is well again
 */
public record Limits(Duration deadline, int concurrency, int failures, Duration quarantine) {
  /** One second, 64 calls, 5 failures, ten seconds. */
  public static final Limits DEFAULT = new Limits(Duration.ofSeconds(1), 64, 5, Duration.ofSeconds(10));

  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** Reads {@code deadline}, {@code concurrency}, {@code failures} and {@code quarantine}; what is not set is as in {@link #DEFAULT}. */
  public static Limits read(Fields settings) {
    return new Limits(
        duration(settings, "deadline", DEFAULT.deadline),
        settings.whole("concurrency", 1, 10_000).orElse((long) DEFAULT.concurrency).intValue(),
        settings.whole("failures", 1, 1_000_000).orElse((long) DEFAULT.failures).intValue(),
        duration(settings, "quarantine", DEFAULT.quarantine));
  }

  private static Duration duration(Fields settings, String field, Duration fallback) {
    Duration value = settings.duration(field).orElse(fallback);
    if (value.isZero() || value.compareTo(LONGEST) > 0) {
      settings.error(field, "should be more than 0 and at most 1m");
      return fallback;
    }
    return value;
  }
}

package dev.tenon.mixer.dispatch;

import dev.tenon.spi.config.Fields;
import java.time.Duration;

/**
 * What stands around every call of an adapter.
 *
 * @param deadline how long a call that may block is waited for
 * @param concurrency how many such calls of one handler may be under way at once
 * @param failures after how many failures in a row a handler is left alone
 * @param quarantine for how long; then one call tries whether it is well again
 */
public record Limits(Duration deadline, int concurrency, int failures, Duration quarantine) {
  /** One second, 64 calls, 5 failures, ten seconds. */
  public static final Limits DEFAULT =
      new Limits(Duration.ofSeconds(1), 64, 5, Duration.ofSeconds(10));

  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** Reads the module's settings; what is not set is as in {@link #DEFAULT}. */
  public static Limits read(Fields settings) {
    Limits limits =
        new Limits(
            duration(settings, "deadline", DEFAULT.deadline),
            settings.whole("concurrency", 1, 10_000).orElse((long) DEFAULT.concurrency).intValue(),
            settings.whole("failures", 1, 1_000_000).orElse((long) DEFAULT.failures).intValue(),
            duration(settings, "quarantine", DEFAULT.quarantine));
    settings.finish();
    return limits;
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

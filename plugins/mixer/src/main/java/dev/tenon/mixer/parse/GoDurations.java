package dev.tenon.mixer.parse;

import dev.tenon.spi.config.Durations;
import java.time.Duration;
import java.util.Optional;

/** Durations as Go's {@code time.ParseDuration} reads them: with a sign, and with either mu. */
public final class GoDurations {
  private GoDurations() {}

  /** Reads a duration; empty when the text is none. */
  public static Optional<Duration> parse(String text) {
    boolean negative = text.startsWith("-");
    String magnitude = negative || text.startsWith("+") ? text.substring(1) : text;
    Optional<Duration> duration = Durations.parse(magnitude.replace('\u03bc', '\u00b5'));
    return negative ? duration.map(Duration::negated) : duration;
  }
}

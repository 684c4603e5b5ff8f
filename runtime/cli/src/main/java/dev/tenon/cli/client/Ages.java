package dev.tenon.cli.client;

import java.time.Duration;
import java.time.Instant;

/** How long ago, in the two largest units, as kubectl writes it. */
public final class Ages {
  private Ages() {}

  /** The time since a moment, given in milliseconds since 1970; a dash for 0. */
  public static String since(long millis) {
    return millis == 0 ? "-" : of(Duration.between(Instant.ofEpochMilli(millis), Instant.now()));
  }

  static String of(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m" + seconds % 60 + "s";
    }
    if (seconds < 172_800) {
      return seconds / 3600 + "h" + seconds / 60 % 60 + "m";
    }
    return seconds / 86_400 + "d";
  }
}

package dev.tenon.spi.policy;

import java.time.Duration;

/**
 * What a quota granted.
 *
 * @param granted from 0, nothing is left, to the amount that was asked for; without best effort one of
 *     the two
 * @param validity how long what was granted may be used, and how long a refusal is sure to hold; zero
 *     when nothing is known of that
 */
public record Grant(long granted, Duration validity) {
  public Grant {
    if (granted < 0 || validity.isNegative()) {
      throw new IllegalArgumentException("granted " + granted + " for " + validity + "; neither is less than 0");
    }
  }
}

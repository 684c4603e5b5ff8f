package dev.tenon.spi.policy;

import java.time.Duration;

/**
 * What a quota granted.
 *
 * @param granted from 0, nothing is left, to {@link Charge#most}; without best effort 0 or at least the
 *     amount
 * @param validity how long what was granted may be used, and how long a refusal is sure to hold; zero
 *     when nothing is known of that
 * @param standing how the quota stands after this
 * @param mark names the moment up to which a rolling window takes this for being spent, so that the quota can be told
 *     when it was: {@link Charge.Settled}; 0 where that makes no difference
 */
public record Grant(long granted, Duration validity, Standing standing, long mark) {
  public Grant {
    if (granted < 0 || validity.isNegative()) {
      throw new IllegalArgumentException("granted " + granted + " for " + validity + "; neither is less than 0");
    }
  }

  /** A grant of which nothing need be told afterwards. */
  public Grant(long granted, Duration validity, Standing standing) {
    this(granted, validity, standing, 0);
  }

  /** A grant of a quota that tells nothing of how it stands. */
  public Grant(long granted, Duration validity) {
    this(granted, validity, Standing.UNKNOWN);
  }

  /**
   * How a quota stands for one set of dimensions.
   *
   * @param limit what it grants in each window; 0 when it does not tell
   * @param remaining what is left of it now
   * @param reset until more is left, or, when nothing was spent, zero
   */
  public record Standing(long limit, long remaining, Duration reset) {
    /** It does not tell. */
    public static final Standing UNKNOWN = new Standing(0, 0, Duration.ZERO);
  }
}

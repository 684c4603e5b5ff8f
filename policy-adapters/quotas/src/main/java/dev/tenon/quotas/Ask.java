package dev.tenon.quotas;

import dev.tenon.spi.policy.Charge;

/**
 * What is asked of a counter: a {@link Charge} in nanoseconds.
 *
 * @param amount at least 1
 * @param most the largest grant
 * @param share a grant of more than the amount is at most what is left divided by this
 * @param hold how long the grant may still be being spent, in nanoseconds
 */
public record Ask(long amount, boolean bestEffort, long most, long share, long hold) {
  /** As a charge says. */
  public static Ask of(Charge charge) {
    return new Ask(charge.amount(), charge.bestEffort(), charge.most(), charge.ahead().share(), charge.ahead().hold().toNanos());
  }

  /** An amount that is spent at once, all of it or nothing. */
  public static Ask of(long amount) {
    return new Ask(amount, false, amount, 1, 0);
  }

  /** The smallest grant. */
  public long least() {
    return bestEffort ? 1 : amount;
  }

  /** How much is granted when so much is left. */
  public long outOf(long left) {
    if (left < amount) {
      return bestEffort ? Math.max(0, left) : 0;
    }
    return Math.max(amount, Math.min(most, left / share));
  }

  /**
   * For how long after a grant it counts as not yet spent in a window that rolls: what the asker wants, and,
   * when it may get more than it needs now, a fortieth of the window.
   */
  public long held(long window) {
    return Math.min(window, most > amount ? Math.max(hold, window / 40) : hold);
  }
}

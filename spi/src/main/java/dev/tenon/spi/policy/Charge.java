package dev.tenon.spi.policy;

/**
 * What is asked of a quota.
 *
 * @param amount how much; at least 1
 * @param bestEffort whether less than the amount will do when not all of it is left
 * @param deduplicationId names the question: asked again with the same id while the grant is valid, a
 *     quota grants the same and takes nothing more; empty when the question is not repeated
 */
public record Charge(long amount, boolean bestEffort, String deduplicationId) {
  /** One request's worth, asked once. */
  public static final Charge ONE = new Charge(1, false, "");

  public Charge {
    if (amount < 1) {
      throw new IllegalArgumentException("an amount of " + amount + "; it should be at least 1");
    }
  }
}

package dev.tenon.spi.model;

/**
 * How a workload is, and why: what Istio's condition {@code Healthy} of a WorkloadEntry says.
 *
 * @param health whether it may be called
 * @param reason one line for an operator, at most {@value #MOST_REASON} characters; empty when all is well
 */
public record Condition(Health health, String reason) {
  /** The longest reason. */
  public static final int MOST_REASON = 256;

  /** Nothing to be said. */
  public static final Condition WELL = new Condition(Health.HEALTHY, "");

  public Condition {
    if (reason.length() > MOST_REASON) {
      throw new IllegalArgumentException("a reason of " + reason.length() + " characters; at most " + MOST_REASON);
    }
  }
}

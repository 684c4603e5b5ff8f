package dev.tenon.citadel.attest;

/** Somebody does not get what he asked for. The message is for the operator at his end. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Cause {
    /** What was sent is no request that could be granted. */
    INVALID,
    /** The token or the proof is not good. */
    UNPROVEN,
    /** The token does not allow it. */
    NOT_ALLOWED,
    /** Another host has the name. */
    TAKEN,
    /** The host is no member any more. */
    GONE,
    /** The two clocks differ too much. */
    CLOCK,
    /** Too many failed attempts, or too many of something. */
    TOO_MANY
  }

  private final Cause why;

  Refusal(Cause why, String message) {
    super(message, null, false, false);
    this.why = why;
  }

  /** Why. */
  public Cause why() {
    return why;
  }
}

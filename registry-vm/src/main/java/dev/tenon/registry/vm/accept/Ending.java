package dev.tenon.registry.vm.accept;

/**
 * Why a stream ends, and what its client should make of it.
 *
 * @param cause which kind
 * @param message for an operator at the client: what is wrong and what to do
 */
public record Ending(Cause cause, String message) {
  /** The kinds of ending. */
  public enum Cause {
    /** The client left in good order. */
    LEFT,
    /** The client said something that cannot be accepted; saying it again will not help. */
    INVALID,
    /** The name is in use by a living workload elsewhere. */
    TAKEN,
    /** A bound is reached. */
    FULL,
    /** Somebody else now holds this workload's lease, or has ended it. */
    SUPERSEDED,
    /** No beat came in time. */
    SILENT,
    /** The server goes away; come back at once with the same lease id. */
    DRAINING
  }

  /** The good ending. */
  public static Ending left() {
    return new Ending(Cause.LEFT, "");
  }
}

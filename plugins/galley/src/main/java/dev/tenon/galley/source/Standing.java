package dev.tenon.galley.source;

import java.time.Instant;

/**
 * How a source stands.
 *
 * @param name of the module that offers it; {@code directory} for galley's own
 * @param since when that began
 * @param reason one line for an operator; empty when all is well
 */
public record Standing(String name, State state, Instant since, String reason) {
  /** The states a source can be in. */
  public enum State {
    /** It has not said anything yet. */
    STARTING,
    /** What is known of it is what lies there. */
    CURRENT,
    /** What it said last stays in force. */
    STALE
  }
}

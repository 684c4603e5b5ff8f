package dev.tenon.spi.registry;

import java.time.Instant;

/**
 * How well a registry knows its platform.
 *
 * @param kind whether the catalog is current
 * @param since when this state began
 * @param reason one line for an operator; empty when all is well
 */
public record RegistryState(Kind kind, Instant since, String reason) {
  /** The states a registry can be in. */
  public enum Kind {
    /** No whole catalog yet. */
    STARTING,
    /** The catalog is current. */
    CURRENT,
    /** The platform does not answer; the last catalog stays in force. */
    STALE
  }
}

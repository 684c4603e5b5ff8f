package dev.tenon.spi.policy;

import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;

/**
 * A change of a head that policy asks for.
 *
 * @param name lower-case; no pseudo-header, and none that frames the message
 * @param value empty for {@link Operation#REMOVE}; a value that no header can have is left out by who sends it
 */
public record HeaderEdit(Operation operation, String name, String value) {
  /** Puts a header in the place of all of that name. */
  public static HeaderEdit replace(String name, String value) {
    return new HeaderEdit(Operation.REPLACE, name, value);
  }
}

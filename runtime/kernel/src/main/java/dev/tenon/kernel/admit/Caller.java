package dev.tenon.kernel.admit;

/**
 * Who calls.
 *
 * @param name for the history: of a token its id and label
 * @param remote not over the administration socket
 */
public record Caller(String name, Role role, boolean remote) {
  /** The process's own user, or the machine's. */
  public static final Caller LOCAL = new Caller("the local operator", Role.OPERATOR, false);
}

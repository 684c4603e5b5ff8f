package dev.tenon.spi.lifecycle;

import java.util.Map;

/**
 * State in memory that a generation of a module hands to its successor: counters, quota that is used
 * up, what was last said to a peer. A {@link Running} that implements this is asked at each swap, and so
 * is each provider that a plain jar names. What must survive the process belongs into {@link
 * ModuleContext#stateDirectory} instead.
 *
 * <p>The old generation goes on working while the new one takes over, so state is moved in pieces, never
 * copied: the kernel calls {@link #give} of the old and {@link #take} of the new one three times, when the
 * new one is ready and nobody calls it yet, right after the switch, when nobody begins anything with the old
 * one any more, and when the old one has drained. Each piece holds what has come since the last one.
 *
 * <p>A piece is made of String, Long, Double, Boolean and of lists and maps (by String) of these, at most
 * 1,000,000 values and 64 MiB of text in all; anything else could hold the old code in memory. Whatever
 * goes wrong is told to the operator, and the swap goes on without that piece. Both methods are called on
 * a thread of the kernel's, while other threads use the module, with a deadline of 2 s.
 */
public interface Carry {
  /**
   * Names what the pieces look like, with its version, for example {@code counters/1}. It changes with
   * their meaning.
   */
  String form();

  /** Whether this build can take pieces of a form; those of a form that it cannot take are left behind. */
  default boolean takes(String form) {
    return form().equals(form);
  }

  /** What has not been given yet. The caller owns it; empty when there is nothing. */
  Map<String, Object> give();

  /**
   * Adds a piece to what is there already.
   *
   * @param form of the piece, one that {@link #takes} agreed to
   */
  void take(String form, Map<String, Object> piece);
}

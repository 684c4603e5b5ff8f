package dev.tenon.agent.probe;

import dev.tenon.spi.model.Condition;

/**
 * What one check found.
 *
 * @param good whether the application may be called
 * @param reason why not; one line
 */
record Verdict(boolean good, String reason) {
  /** It may be called. */
  static final Verdict GOOD = new Verdict(true, "");

  /** It may not; the reason comes from outside and is made fit to be shown. */
  static Verdict bad(String reason) {
    String line = reason.strip().replaceAll("\\p{Cntrl}", " ");
    return new Verdict(false, line.length() > Condition.MOST_REASON ? line.substring(0, Condition.MOST_REASON - 1) + "…" : line);
  }
}

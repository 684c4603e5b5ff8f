package dev.tenon.agent.probe;

import java.util.function.Consumer;

/** Carries one kind of check out. */
@FunctionalInterface
interface Checker {
  /**
   * Checks once. Answers once, on whatever thread, and within the probe's timeout.
   *
   * @return breaks the check off; nothing is answered then
   */
  Runnable check(Consumer<Verdict> answer);
}

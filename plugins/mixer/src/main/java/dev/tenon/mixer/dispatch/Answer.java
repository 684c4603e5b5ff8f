package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Verdict;

/** What came of asking a handler. */
public sealed interface Answer {
  /**
   * The adapter judged.
   *
   * @param standing of a quota, how it stands now
   */
  record Said(Verdict verdict, Grant.Standing standing) implements Answer {
    /** What is no quota's answer. */
    public Said(Verdict verdict) {
      this(verdict, Grant.Standing.UNKNOWN);
    }
  }

  /**
   * The adapter could not be asked, or failed: the rule's choice decides.
   *
   * @param code what a caller is told when the rule is closed
   * @param reason one line; says nothing of the adapter's insides
   */
  record Failed(Verdict.Code code, String reason) implements Answer {}

  /** A quota granted something, perhaps nothing. */
  record Granted(Grant grant) implements Answer {}

  /** The adapter lets the request go on, for this once. */
  Said ALLOWED = new Said(Verdict.ALLOW);

  /** What a quota says that has too little left. */
  static Answer exhausted(Instance instance, Grant.Standing standing) {
    return new Said(Question.exhausted(instance), standing);
  }

  /** The adapter is not there or not well. */
  static Failed unavailable(String reason) {
    return new Failed(Verdict.Code.UNAVAILABLE, reason);
  }
}

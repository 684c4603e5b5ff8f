package dev.tenon.mixer.decide;

import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The answers to the calls of one request, as they come. The first denial in the order of the calls
 * decides, whatever the order of the answers; it is told as soon as it is certain, and once.
 */
final class Answers {
  private final boolean[] there;
  private final @Nullable Outcome[] denials;
  private final Outcome end;
  private final Later later;
  private boolean asked;
  private boolean told;

  /**
   * @param end the outcome when none denies
   */
  Answers(int calls, Outcome end, Later later) {
    this.there = new boolean[calls];
    this.denials = new Outcome[calls];
    this.end = end;
    this.later = later;
  }

  /** Takes an answer; {@code denial} is null for one that lets the request go on. */
  void put(int place, @Nullable Outcome denial) {
    Outcome decided;
    synchronized (this) {
      there[place] = true;
      denials[place] = denial;
      decided = asked ? decided() : null;
    }
    if (decided != null) {
      later.decided(decided);
    }
  }

  /** All calls are made: the outcome if it is certain by now; if not, {@code later} is told. */
  synchronized @Nullable Outcome allAsked() {
    asked = true;
    return decided();
  }

  /** The outcome, the first time that it is certain. */
  private @Nullable Outcome decided() {
    if (told) {
      return null;
    }
    Outcome outcome = end;
    for (int i = 0; i < there.length; i++) {
      if (!there[i]) {
        return null;
      }
      if (denials[i] != null) {
        outcome = denials[i];
        break;
      }
    }
    told = true;
    return outcome;
  }
}

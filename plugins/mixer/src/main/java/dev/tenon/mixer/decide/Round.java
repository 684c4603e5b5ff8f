package dev.tenon.mixer.decide;

import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.dispatch.Lease;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls about one request that are made together: those that compute at once, those that may block after them. */
class Round {
  private final Attributes attributes;
  private @Nullable Pending pending;

  /** Made when there is something to note: most requests need none. */
  private @Nullable Heads heads;

  /**
   * @param attributes of the request; copied if any call may block
   * @param heads takes note of how limits stand; null: there is nothing yet
   */
  Round(Attributes attributes, @Nullable Heads heads) {
    this.attributes = attributes;
    this.heads = heads;
  }

  /**
   * Makes a call, or puts it off if it may block; what denies at once is returned.
   *
   * @param amount of a quota, how much of it
   */
  @Nullable Outcome ask(Judged call, Map<String, Object> values, long amount) {
    Object entered = call.enter();
    if (!(entered instanceof Lease lease)) {
      return call.denial((Answer) entered);
    }
    Answer answer = call.handler().atOnce(lease, call.question(values, attributes, amount));
    if (answer != null) {
      note(answer, call.excuse(answer));
      return call.denial(answer);
    }
    if (pending == null) {
      pending = new Pending();
    }
    pending.add(call, lease, values, amount);
    return null;
  }

  private void note(Answer answer, String excuse) {
    if (!excuse.isEmpty() || (answer instanceof Answer.Said said && said.standing().limit() > 0)) {
      heads().note(answer, excuse);
    }
  }

  /** Of the request. */
  final Attributes attributes() {
    return attributes;
  }

  /** What becomes of the request's heads. */
  final Heads heads() {
    Heads present = heads;
    if (present == null) {
      present = new Heads();
      heads = present;
    }
    return present;
  }

  /** The outcome with what it changes. */
  final Outcome headed(Outcome outcome) {
    Heads present = heads;
    return present == null ? outcome : present.of(outcome);
  }

  /** Whether calls were put off. */
  boolean isPending() {
    return pending != null;
  }

  /**
   * Makes what was put off.
   *
   * @param end the outcome when none of that denies
   * @return the outcome when it is certain at once; if not, {@code later} is told
   */
  @Nullable Outcome end(Outcome end, Later later) {
    return pending == null ? end : pending.start(attributes, heads(), end, later);
  }

  /** Gives back what was begun and will not be made. */
  void abandon() {
    if (pending != null) {
      pending.abandon();
    }
  }
}

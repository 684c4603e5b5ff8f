package dev.tenon.mixer.decide;

import dev.tenon.mixer.dispatch.Asked;
import dev.tenon.mixer.dispatch.Lease;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of one request that may block: first entered, then made all at once. */
final class Pending {
  private final List<Begun> calls = new ArrayList<>();
  private int made;

  /** A call that was entered and is yet to be made. */
  private record Begun(Judged judged, Lease lease, Map<String, Object> values, long amount) {}

  void add(Judged judged, Lease lease, Map<String, Object> values, long amount) {
    calls.add(new Begun(judged, lease, values, amount));
  }

  /**
   * Makes the calls.
   *
   * @param heads takes note of how limits stand
   * @param end the outcome when none of them denies
   * @return the outcome when it is certain at once, else null
   */
  @Nullable Outcome start(Attributes request, Heads heads, Outcome end, Later later) {
    Attributes attributes = request.snapshot();
    Answers answers = new Answers(calls.size(), end, later);
    while (made < calls.size()) {
      int place = made++;
      Begun begun = calls.get(place);
      Judged judged = begun.judged();
      Asked question = judged.question(begun.values(), attributes, begun.amount());
      judged
          .handler()
          .callLater(
              begun.lease(),
              question,
              answer -> {
                heads.note(answer, judged.excuse(answer));
                answers.put(place, judged.denial(answer));
              });
    }
    return answers.allAsked();
  }

  /** Gives back what was entered and will not be made. */
  void abandon() {
    while (made < calls.size()) {
      calls.get(made++).lease().leave();
    }
  }
}

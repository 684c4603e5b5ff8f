package dev.tenon.mixer.decide;

import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request being asked about: first every check, then, only if all of them let it go on, the quotas,
 * so that a request that is denied takes nothing out of any.
 */
final class Asking extends Round {
  private @Nullable List<Charging> charges;

  Asking(Attributes request) {
    super(request, null);
  }

  /** A quota that is asked when the checks are over; its values were read while the request could be. */
  private record Charging(Judged call, Map<String, Object> values, long amount) {}

  /** Makes a call or puts it off; what denies at once is returned. */
  @SuppressWarnings("unchecked") // Judged gives values or a failure
  @Nullable Outcome ask(Judged call) {
    long amount = call.charges() ? call.amount(attributes()) : 1;
    if (amount == 0) {
      return null;
    }
    Object values = call.values(attributes());
    if (values instanceof Answer.Failed failed) {
      return call.denial(failed);
    }
    if (!call.charges()) {
      return ask(call, (Map<String, Object>) values, amount);
    }
    Map<String, Object> charged = (Map<String, Object>) values;
    long all = amount;
    if (charged.containsKey(Amounts.FIELD)) {
      long each = Amounts.of(charged.remove(Amounts.FIELD));
      if (each < 0) {
        return call.denial(Amounts.NONE);
      }
      all = Amounts.times(each, amount);
    }
    if (all > 0) {
      charge(new Charging(call, charged, all));
    }
    return null;
  }

  private void charge(Charging charging) {
    if (charges == null) {
      charges = new ArrayList<>();
    }
    charges.add(charging);
  }

  /** Whether there is nothing left to be asked. */
  boolean isSettled() {
    return charges == null && !isPending();
  }

  /**
   * All that matches was asked.
   *
   * @param denied what denied at once
   * @return the outcome when it is certain at once; if not, {@code later} is told
   */
  @Nullable Outcome finish(@Nullable Outcome denied, Later later) {
    if (denied != null || charges == null) {
      return end(denied == null ? Outcome.ALLOWED : denied, later);
    }
    List<Charging> waiting = charges;
    if (!isPending()) {
      return charge(attributes(), waiting, later);
    }
    Attributes kept = attributes().snapshot();
    Outcome checked = end(Outcome.ALLOWED, outcome -> goOn(outcome, kept, waiting, later));
    return checked != null && allows(checked) ? charge(kept, waiting, later) : checked;
  }

  private void goOn(Outcome checked, Attributes kept, List<Charging> waiting, Later later) {
    Outcome outcome = allows(checked) ? charge(kept, waiting, later) : checked;
    if (outcome != null) {
      later.decided(outcome);
    }
  }

  private @Nullable Outcome charge(Attributes attributes, List<Charging> charges, Later later) {
    Round round = new Round(attributes, heads());
    try {
      Outcome denied = null;
      for (int i = 0; i < charges.size() && denied == null; i++) {
        Charging each = charges.get(i);
        denied = round.ask(each.call(), each.values(), each.amount());
      }
      return round.end(denied == null ? Outcome.ALLOWED : denied, later);
    } catch (RuntimeException | Error e) {
      round.abandon();
      throw e;
    }
  }

  private static boolean allows(Outcome outcome) {
    return outcome.verdict() instanceof Verdict.Allow;
  }
}

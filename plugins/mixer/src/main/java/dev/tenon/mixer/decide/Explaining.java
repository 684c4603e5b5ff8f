package dev.tenon.mixer.decide;

import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.evaluate.Terms;
import dev.tenon.mixer.evaluate.Wording;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.Explanation.Call;
import dev.tenon.spi.policy.Explanation.Term;
import dev.tenon.spi.policy.Grant.Standing;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes the way of a request and tells of each step. Rules are not looked up but all gone through; checks are asked as ever, quotas
 * are looked at; nothing is counted. For one request.
 */
final class Explaining {
  private final Attributes request;
  private final Heads heads;
  private final List<Explanation.Rule> rules = new ArrayList<>();
  private @Nullable Outcome check;
  private @Nullable Outcome quota;

  Explaining(Attributes request) {
    this.request = request;
    this.heads = new Heads();
  }

  void rule(String name, Optional<Compiled> match, List<Judged> calls) {
    boolean matches = match.isEmpty() || match.get().matches(request);
    List<Term> terms = match.map(each -> Terms.of(each, request)).orElse(List.of());
    rules.add(new Explanation.Rule(name, matches, terms, matches ? calls.stream().map(this::call).toList() : List.of()));
  }

  /** What all of that comes to: the first check that denies, else the first quota. */
  Explanation end(@Nullable Outcome made) {
    Outcome first = check != null ? check : made != null ? made : quota;
    return new Explanation(heads.of(first == null ? Outcome.ALLOWED : first), rules);
  }

  @SuppressWarnings("unchecked") // Judged gives values or a failure
  private Call call(Judged call) {
    Object values = call.values(request);
    Answer answer;
    Map<String, String> shown = new TreeMap<>();
    long amount = call.charges() ? call.amount(request) : 1;
    if (values instanceof Answer.Failed failed) {
      answer = failed;
    } else {
      ((Map<String, Object>) values).forEach((field, value) -> shown.put(field, Wording.value(value)));
      if (amount == 0) {
        return told(call, shown, "not charged", "no QuotaSpec charges this request", Verdict.ALLOW, Standing.UNKNOWN);
      }
      answer = call.explain(call.question((Map<String, Object>) values, request, amount));
    }
    Outcome denial = call.denial(answer);
    if (denial != null && call.charges()) {
      quota = quota == null ? denial : quota;
    } else if (denial != null) {
      check = check == null ? denial : check;
    }
    heads.note(answer, call.excuse(answer));
    return switch (answer) {
      case Answer.Failed(Verdict.Code code, String reason) ->
          told(call, shown, "failed", code + ": " + reason + (denial == null ? "; the rule is open, so the request goes on" : ""), Verdict.ALLOW, Standing.UNKNOWN);
      case Answer.Said(Verdict.Deny deny, Standing standing) ->
          told(call, shown, call.charges() ? "would refuse" : "deny", deny.code() + ": " + deny.message() + (denial == null ? "; the rule lets it go on" : ""), deny, standing);
      case Answer.Said(Verdict.Allow allow, Standing standing) ->
          told(call, shown, !call.charges() ? "allow" : standing.limit() == 0 ? "not known" : "would grant", call.charges() ? "charged " + amount : "", allow, standing);
      case Answer.Granted ignored -> throw new IllegalStateException("nothing is granted here");
    };
  }

  private static Call told(Judged call, Map<String, String> values, String verdict, String detail, Verdict said, Standing standing) {
    Verdict.@Nullable Validity validity =
        switch (said) {
          case Verdict.Allow allow -> allow.validity();
          case Verdict.Deny deny -> deny.validity();
        };
    return new Call(
        call.handlerName(), call.adapterName(), call.instanceName(), call.runs(), values, verdict, detail,
        validity == null ? Verdict.Validity.ONCE : validity, standing);
  }
}

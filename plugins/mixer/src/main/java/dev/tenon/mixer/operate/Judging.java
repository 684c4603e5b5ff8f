package dev.tenon.mixer.operate;

import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The policies of several namespaces, asked one after the other as a proxy asks them; waits where it does not. */
record Judging(List<Policy> policies) {
  private static final int LONGEST_SECONDS = 30;

  Judging {
    policies = List.copyOf(policies);
  }

  private Attributes seen(Attributes request) {
    Attributes all = request;
    for (Policy each : policies) {
      all = each.generate(all);
    }
    return all;
  }

  Outcome check(Attributes request) {
    Attributes seen = seen(request);
    List<HeaderEdit> requestHeads = new ArrayList<>();
    List<HeaderEdit> responseHeads = new ArrayList<>();
    for (Policy each : policies) {
      CompletableFuture<Outcome> later = new CompletableFuture<>();
      Outcome now = each.check(seen, later::complete);
      Outcome outcome = now == null ? later.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join() : now;
      requestHeads.addAll(outcome.request());
      responseHeads.addAll(outcome.response());
      if (outcome.verdict() instanceof Verdict.Deny) {
        return new Outcome(outcome.verdict(), outcome.rule(), outcome.handler(), List.of(), responseHeads);
      }
    }
    return new Outcome(Verdict.ALLOW, "", "", requestHeads, responseHeads);
  }

  /** All rules of all namespaces; the first that denies decides. */
  Explanation explain(Attributes request) {
    Attributes seen = seen(request);
    List<Explanation.Rule> rules = new ArrayList<>();
    Outcome first = Outcome.ALLOWED;
    for (Policy each : policies) {
      Explanation explanation = each.explain(seen);
      rules.addAll(explanation.rules());
      if (first.verdict() instanceof Verdict.Allow) {
        first = explanation.outcome();
      }
    }
    return new Explanation(first, rules);
  }
}

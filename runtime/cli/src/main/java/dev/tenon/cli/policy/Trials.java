package dev.tenon.cli.policy;

import dev.tenon.cli.client.Row;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Rehearsals;
import dev.tenon.spi.policy.Rehearsals.Rehearsal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs cases, each by itself. */
final class Trials {
  /** Of one case; the rest of its requests would say the same. */
  private static final int MOST_FAILURES = 5;

  private Trials() {}

  /**
   * What came of a case.
   *
   * @param failures one text of some lines for each, beginning with its place; none: it passed
   */
  record Result(String name, String at, long requests, List<String> failures) {
    Result {
      failures = List.copyOf(failures);
    }

    boolean passed() {
      return failures.isEmpty();
    }

    Map<String, Object> row() {
      return Row.of("name", name, "at", at, "requests", requests, "passed", passed(), "failures", failures);
    }
  }

  static List<Result> run(List<Case> cases, Rehearsals rehearsals) {
    List<Result> results = new ArrayList<>();
    for (Case each : cases) {
      try (Rehearsal rehearsal = rehearsals.begin()) {
        results.add(run(each, rehearsal));
      }
    }
    return results;
  }

  private static Result run(Case each, Rehearsal rehearsal) {
    List<String> failures = new ArrayList<>();
    long requests = 0;
    for (Case.Step step : each.steps()) {
      if (!pass(each, step, rehearsal, failures)) {
        break;
      }
      for (long i = 1; i <= step.times() && failures.size() < MOST_FAILURES; i++) {
        Explanation before = rehearsal.explain(each.namespace(), step.request());
        Outcome outcome = rehearsal.check(each.namespace(), step.request());
        requests++;
        List<String> differs = step.expected().differs(outcome);
        if (!differs.isEmpty()) {
          String where = step.at() + ": " + each.name() + (step.times() == 1 ? "" : ", request " + i + " of " + step.times());
          failures.add(where + "\n  " + String.join("\n  ", differs) + "\n" + Explained.text(before, "  "));
        }
      }
    }
    return new Result(each.name(), each.at().toString(), requests, failures);
  }

  private static boolean pass(Case each, Case.Step step, Rehearsal rehearsal, List<String> failures) {
    if (step.after().isZero()) {
      return true;
    }
    try {
      rehearsal.pass(step.after());
      return true;
    } catch (IllegalStateException e) {
      failures.add(step.at() + ": " + each.name() + "\n  after: " + e.getMessage());
      return false;
    }
  }
}

package dev.tenon.cli.policy;

import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.Explanation.Call;
import dev.tenon.spi.policy.Explanation.Rule;
import dev.tenon.spi.policy.Explanation.Term;
import dev.tenon.spi.policy.Grant.Standing;
import dev.tenon.spi.policy.Verdict;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An explanation as lines for a reader. */
final class Explained {
  private Explained() {}

  /** One line for each rule, and below it what its match came to and whom it asked. */
  static String text(Explanation explanation, String indent) {
    if (explanation.rules().isEmpty()) {
      return indent + "no rule judges this request";
    }
    return explanation.rules().stream().map(each -> rule(each, indent)).collect(Collectors.joining("\n"));
  }

  private static String rule(Rule rule, String indent) {
    StringBuilder text = new StringBuilder();
    text.append(indent).append("rule ").append(rule.name()).append(rule.matches() ? " matches" : " does not match");
    rule.terms().forEach(each -> text.append('\n').append(indent).append("  ").append("  ".repeat(each.depth())).append(term(each)));
    rule.calls().forEach(each -> text.append('\n').append(indent).append("  ").append(call(each)));
    return text.toString();
  }

  private static String term(Term term) {
    String value = term.value().isEmpty() ? "no value" : term.value();
    return term.expression() + "  \u2192 " + value + (term.reason().isEmpty() ? "" : "  (" + term.reason() + ")");
  }

  private static String call(Call call) {
    StringBuilder text = new StringBuilder("handler " + call.handler());
    text.append(call.adapter().isEmpty() ? "" : " (" + call.adapter() + ", " + call.runs() + ")").append(", instance ").append(call.instance());
    text.append(call.values().isEmpty() ? "" : " " + values(call.values())).append(": ").append(call.verdict());
    text.append(call.detail().isEmpty() ? "" : ", " + call.detail());
    Standing standing = call.standing();
    if (standing.limit() > 0) {
      text.append(", ").append(standing.remaining()).append(" of ").append(standing.limit()).append(" left");
      text.append(standing.reset().isZero() ? "" : ", reset in " + TopCommand.time(nanos(standing.reset())));
    }
    Verdict.Validity validity = call.validity();
    if (!validity.time().isZero() && validity.uses() > 1) {
      text.append(String.format(Locale.ROOT, ", holds for %s or %d uses", TopCommand.time(nanos(validity.time())), validity.uses()));
    }
    return text.toString();
  }

  private static long nanos(java.time.Duration time) {
    return time.toSeconds() > 9_000_000_000L ? Long.MAX_VALUE : time.toNanos();
  }

  private static String values(Map<String, String> values) {
    return new TreeMap<>(values).toString();
  }
}

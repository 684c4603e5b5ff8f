package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.mixer.dispatch.RuleIndex;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules that report: who is told what of requests that are over. Immutable. */
final class Telling {
  private final RuleIndex index;
  private final List<Rule> rules;
  private final Set<String> reads;

  /** A rule, and whom it tells. */
  record Rule(Optional<Compiled> match, List<Judged> calls) {
    Rule {
      calls = List.copyOf(calls);
    }
  }

  /** Whom what is told: one call for each. */
  private record Addressee(Handler handler, Template template) {}

  /**
   * @param accepted the same rules as {@code rules}, for the index
   */
  Telling(List<Accepted.Rule> accepted, List<Rule> rules) {
    this.index = RuleIndex.of(accepted);
    this.rules = List.copyOf(rules);
    Set<String> all = new HashSet<>();
    for (Rule rule : rules) {
      rule.match().ifPresent(match -> all.addAll(match.attributes()));
      rule.calls().forEach(call -> all.addAll(call.reads()));
    }
    this.reads = Set.copyOf(all);
  }

  /** The attributes that are read; empty when nobody is told anything. */
  Set<String> reads() {
    return rules.isEmpty() ? Set.of() : reads.isEmpty() ? Set.of("context.protocol") : reads;
  }

  /** Has requests that are over told to whoever wants to know. */
  void tell(List<Attributes> finished) {
    Map<Addressee, List<Instance>> batches = new LinkedHashMap<>();
    finished.forEach(each -> tell(each, batches));
    batches.forEach((to, batch) -> to.handler().report(List.copyOf(batch)));
  }

  private void tell(Attributes request, Map<Addressee, List<Instance>> batches) {
    long[] candidates = index.candidates(request);
    for (int word = 0; word < candidates.length; word++) {
      for (long bits = candidates[word]; bits != 0; bits &= bits - 1) {
        Rule rule = rules.get(word * 64 + Long.numberOfTrailingZeros(bits));
        if (rule.match().isEmpty() || rule.match().get().matches(request)) {
          rule.calls().forEach(call -> tell(call, request, batches));
        }
      }
    }
  }

  @SuppressWarnings("unchecked") // Judged gives values or a failure
  private static void tell(Judged call, Attributes request, Map<Addressee, List<Instance>> batches) {
    if (!call.hasHandler()) {
      return;
    }
    Object values = call.values(request);
    if (values instanceof Answer.Failed) {
      call.handler().unmade();
      return;
    }
    batches
        .computeIfAbsent(new Addressee(call.handler(), call.template()), each -> new ArrayList<>())
        .add(call.question((Map<String, Object>) values, request, 1).instance());
  }
}

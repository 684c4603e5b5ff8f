package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.mixer.dispatch.RuleIndex;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Policy ready to judge requests. What matches and what only computes is done on the caller's thread;
 * what may block goes to threads of its own.
 */
final class CompiledPolicy implements PolicyEngine.Policy {
  private final RuleIndex index;
  private final List<Rule> rules;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param handlers gives the handler of a spec
   * @param release gives them back
   */
  CompiledPolicy(
      Accepted accepted, Function<Accepted.Handler, Handler> handlers, Runnable release) {
    this.index = RuleIndex.of(accepted.rules());
    List<Rule> all = new ArrayList<>();
    for (Accepted.Rule rule : accepted.rules()) {
      List<Judged> calls = new ArrayList<>();
      for (Accepted.Call call : rule.calls()) {
        calls.add(new Judged(rule, call, call.handler().map(handlers)));
      }
      all.add(new Rule(rule.match(), calls, rule.headers()));
    }
    this.rules = List.copyOf(all);
    this.release = release;
  }

  private record Rule(Optional<Compiled> match, List<Judged> calls, Accepted.Headers headers) {
    Rule {
      calls = List.copyOf(calls);
    }

    boolean matches(Attributes request) {
      return match.isEmpty() || match.get().matches(request);
    }
  }

  @Override
  public @Nullable Outcome check(Attributes request, Later later) {
    Heads heads = new Heads();
    Asking asking = new Asking(request, heads);
    try {
      Outcome outcome =
          asking.end(ask(request, asking, heads), decided -> later.decided(heads.of(decided)));
      return outcome == null ? null : heads.of(outcome);
    } catch (RuntimeException | Error e) {
      asking.abandon();
      throw e;
    }
  }

  /** Goes through the rules up to the first denial that is certain. */
  private @Nullable Outcome ask(Attributes request, Asking asking, Heads heads) {
    long[] candidates = index.candidates(request);
    for (int word = 0; word < candidates.length; word++) {
      for (long bits = candidates[word]; bits != 0; bits &= bits - 1) {
        Rule rule = rules.get(word * 64 + Long.numberOfTrailingZeros(bits));
        if (rule.matches(request)) {
          if (!rule.headers().isEmpty()) {
            heads.changes(rule.headers(), request);
          }
          for (Judged call : rule.calls()) {
            Outcome denial = asking.ask(call);
            if (denial != null) {
              return denial;
            }
          }
        }
      }
    }
    return null;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}

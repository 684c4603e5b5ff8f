package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.dispatch.Backlog;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.mixer.dispatch.RuleIndex;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Template.Variety;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Policy ready to judge requests. What matches and what only computes is done on the caller's thread;
 * what may block goes to threads of its own.
 */
final class CompiledPolicy implements PolicyEngine.Policy {
  private final RuleIndex index;
  private final List<Rule> rules;
  private final List<Layer> layers;
  private final Telling telling;
  private final Backlog<Over> backlog;
  private final Denials denials;
  private final PolicyRules source;
  private final Consumer<CompiledPolicy> release;
  private final boolean here;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param handlers gives the handler of a spec
   * @param backlog where requests that are over wait for {@link #tell}
   * @param denials what is remembered of those that were denied
   * @param release gives the handlers back
   * @param here whether all handlers are asked in this process
   */
  CompiledPolicy(
      PolicyRules source,
      Accepted accepted,
      Function<Accepted.Handler, Handler> handlers,
      Backlog<Over> backlog,
      Denials denials,
      Consumer<CompiledPolicy> release,
      boolean here) {
    this.here = here;
    this.source = source;
    List<Accepted.Rule> judging = rules(accepted, Variety.CHECK, Variety.QUOTA);
    List<Accepted.Rule> reporting = rules(accepted, Variety.REPORT);
    this.index = RuleIndex.of(judging);
    this.rules = judging.stream().map(rule -> new Rule(rule.name(), rule.match(), calls(rule, handlers), rule.headers())).toList();
    this.telling =
        new Telling(
            reporting, reporting.stream().map(rule -> new Telling.Rule(rule.match(), calls(rule, handlers))).toList());
    this.layers = layers(accepted, handlers);
    this.backlog = backlog;
    this.denials = denials;
    this.release = release;
  }

  /**
   * A request that is over, to be told of by a policy.
   *
   * @param request a snapshot
   */
  record Over(CompiledPolicy policy, Attributes request) {}

  private record Rule(String name, Optional<Compiled> match, List<Judged> calls, Accepted.Headers headers) {
    Rule {
      calls = List.copyOf(calls);
    }

    boolean matches(Attributes request) {
      return match.isEmpty() || match.get().matches(request);
    }
  }

  /** What it was compiled from. */
  PolicyRules rules() {
    return source;
  }

  /**
   * Rules with those of their calls that are of some varieties; one that is incomplete counts as a check. What
   * a rule changes in heads belongs to its checks.
   */
  private static List<Accepted.Rule> rules(Accepted accepted, Variety... varieties) {
    Set<Variety> wanted = Set.of(varieties);
    return accepted.rules().stream()
        .map(
            rule ->
                new Accepted.Rule(
                    rule.name(), rule.match(), rule.failOpen(), rule.allowsExceeded(),
                    rule.calls().stream().filter(call -> wanted.contains(variety(call))).toList(),
                    wanted.contains(Variety.CHECK) ? rule.headers() : Accepted.Headers.NONE))
        .filter(rule -> !rule.calls().isEmpty() || !rule.headers().isEmpty())
        .toList();
  }

  private static Variety variety(Accepted.Call call) {
    return call.instance().map(each -> each.template().variety()).orElse(Variety.CHECK);
  }

  private List<Judged> calls(Accepted.Rule rule, Function<Accepted.Handler, Handler> handlers) {
    return rule.calls().stream().map(call -> new Judged(rule, call, call.handler().map(handlers), here)).toList();
  }

  private List<Layer> layers(Accepted accepted, Function<Accepted.Handler, Handler> handlers) {
    List<Layer> layers = new ArrayList<>();
    for (String producer : accepted.producers()) {
      for (Accepted.Rule rule : rules(accepted, Variety.ATTRIBUTE_GENERATOR)) {
        for (Accepted.Call call : rule.calls()) {
          Accepted.Instance instance = call.instance().orElseThrow();
          if (instance.name().equals(producer)) {
            layers.add(new Layer(rule.match(), new Judged(rule, call, call.handler().map(handlers), here), instance.bindings()));
          }
        }
      }
    }
    return List.copyOf(layers);
  }

  @Override
  public Attributes generate(Attributes request) {
    Attributes all = request;
    for (Layer layer : layers) {
      all = new Generated(all, layer);
    }
    return all;
  }

  @Override
  public Set<String> reported() {
    return telling.reads();
  }

  @Override
  public void report(Attributes finished) {
    if (!telling.reads().isEmpty()) {
      backlog.add(new Over(this, finished));
    }
  }

  /** Has requests that are over told to adapters. */
  void tell(List<Attributes> finished) {
    telling.tell(finished);
  }

  @Override
  public PolicyEngine.Connection connection(Attributes connection) {
    return new Followed(this, connection);
  }

  @Override
  public void denied(String id, Outcome outcome) {
    denials.add(id, outcome);
  }

  @Override
  public @Nullable Outcome check(Attributes request, Later later) {
    return check(request, true, later);
  }

  /** @param charging whether quotas are taken from; they count requests */
  @Nullable Outcome check(Attributes request, boolean charging, Later later) {
    Asking asking = new Asking(request);
    try {
      Outcome denied = ask(request, charging, asking);
      if (denied == null && request instanceof Generated generated) {
        denied = generated.failure();
      }
      if (asking.isSettled()) {
        return asking.headed(denied == null ? Outcome.ALLOWED : denied);
      }
      Outcome outcome = asking.finish(denied, decided -> later.decided(asking.headed(decided)));
      return outcome == null ? null : asking.headed(outcome);
    } catch (RuntimeException | Error e) {
      asking.abandon();
      throw e;
    }
  }

  @Override
  public Explanation explain(Attributes request) {
    Explaining explaining = new Explaining(request);
    rules.forEach(rule -> explaining.rule(rule.name(), rule.match(), rule.calls()));
    return explaining.end(request instanceof Generated generated ? generated.failure() : null);
  }

  /** Goes through the rules up to the first denial that is certain. */
  private @Nullable Outcome ask(Attributes request, boolean charging, Asking asking) {
    long[] candidates = index.candidates(request);
    for (int word = 0; word < candidates.length; word++) {
      for (long bits = candidates[word]; bits != 0; bits &= bits - 1) {
        Rule rule = rules.get(word * 64 + Long.numberOfTrailingZeros(bits));
        if (rule.matches(request)) {
          if (!rule.headers().isEmpty()) {
            asking.heads().changes(rule.headers(), request);
          }
          for (Judged call : rule.calls()) {
            Outcome denial = charging || !call.charges() ? asking.ask(call) : null;
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
      backlog.flush();
      release.accept(this);
    }
  }
}

package dev.tenon.proxy.live;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.rules.PolicyRules;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Compiles every policy but those that have a rule called "bad", and remembers what was closed. */
final class FakeEngine implements PolicyEngine {
  final List<PolicyRules> compiled = new CopyOnWriteArrayList<>();
  final List<String> closed = new CopyOnWriteArrayList<>();

  @Override
  public Policy compile(PolicyRules rules) {
    for (PolicyRules.Rule rule : rules.rules()) {
      if (rule.meta().name().equals("bad")) {
        throw new BadConfig(
            List.of(
                new Finding(Finding.Severity.ERROR, "TEN0100", rule.matchAt(), "spec.match", "unknown attribute")));
      }
    }
    compiled.add(rules);
    return new FakePolicy(this, rules.namespace());
  }

  /** Belongs to the engine that compiled it. */
  record FakePolicy(FakeEngine engine, String namespace) implements Policy {
    @Override
    public Outcome check(Attributes request, Later later) {
      return Outcome.ALLOWED;
    }

    @Override
    public void close() {
      engine.closed.add(namespace);
    }
  }
}

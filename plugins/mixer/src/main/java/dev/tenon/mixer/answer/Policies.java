package dev.tenon.mixer.answer;

import dev.tenon.mixer.decide.Engine;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy of this process's configuration, compiled when an Envoy first asks for it and kept up to date from then on: a
 * process that no Envoy asks compiles nothing. What does not compile any more leaves what was there in force. Thread-safe.
 */
final class Policies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

  private final Engine engine;
  private final ConcurrentMap<String, Held> used = new ConcurrentHashMap<>();
  private volatile Map<String, PolicyRules> present = Map.of();
  private boolean closed;

  Policies(Engine engine) {
    this.engine = engine;
  }

  /** Policy and what it was made of. */
  private record Held(PolicyRules rules, Policy policy) {}

  /** The configuration has changed. */
  void rules(RuleSet rules) {
    present = rules.policies();
    synchronized (this) {
      List.copyOf(used.keySet()).forEach(this::refresh);
    }
  }

  /** The policy of a configuration namespace; null when there is none that could be compiled. */
  @Nullable Policy of(String namespace) {
    Held held = used.get(namespace);
    if (held == null && (present.containsKey(namespace) || wanted(namespace))) {
      held = begin(namespace);
    }
    return held == null ? null : held.policy();
  }

  /** A namespace without policy has an empty one; names are bounded by those that pilot gives. */
  private boolean wanted(String namespace) {
    return used.size() < 10_000 && dev.tenon.spi.config.Names.isDnsLabel(namespace);
  }

  private synchronized @Nullable Held begin(String namespace) {
    if (!closed && !used.containsKey(namespace)) {
      refresh(namespace);
    }
    return used.get(namespace);
  }

  private void refresh(String namespace) {
    PolicyRules rules = present.getOrDefault(namespace, new PolicyRules(namespace, List.of(), List.of(), List.of()));
    Held before = used.get(namespace);
    if (before != null && before.rules().equals(rules)) {
      return;
    }
    try {
      used.put(namespace, new Held(rules, engine.compileHere(rules)));
    } catch (BadConfig e) {
      LOG.warn("the policy of {} is not taken over for Envoys: {}", namespace, e.getMessage());
      return;
    }
    if (before != null) {
      before.policy().close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    used.values().forEach(each -> each.policy().close());
    used.clear();
  }
}

package dev.tenon.proxy.compile;

import dev.tenon.proxy.subscribe.Rejection;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policies of all namespaces, compiled by whichever engine is there. Without an engine a
 * namespace that has any rules has no compiled policy, and requests under it are answered 503.
 *
 * <p>Not thread-safe.
 */
final class PolicyBench {
  private final Part<PolicyEngine.Policy> compiled = new Part<>();
  private final List<PolicyEngine.Policy> retired = new ArrayList<>();
  private @Nullable PolicyEngine engine;

  /** Compiles the policy of a namespace; what it replaces is retired only if that works. */
  Optional<Rejection> accept(PolicyRules rules) {
    try {
      Optional<PolicyEngine.Policy> policy = compile(rules);
      drop(rules.namespace());
      policy.ifPresent(each -> compiled.put(rules.namespace(), each));
      return Optional.empty();
    } catch (BadConfig e) {
      String field = e.findings().stream().map(Finding::field).findFirst().orElse("");
      return Optional.of(new Rejection(rules.namespace(), field, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      return Optional.of(new Rejection(rules.namespace(), "", "the policy engine failed on it: " + e));
    }
  }

  private Optional<PolicyEngine.Policy> compile(PolicyRules rules) {
    if (rules.handlers().isEmpty() && rules.instances().isEmpty() && rules.rules().isEmpty()) {
      return Optional.of(new Nothing());
    }
    return Optional.ofNullable(engine).map(present -> present.compile(rules));
  }

  /** A namespace has no policy any more. */
  void drop(String namespace) {
    PolicyEngine.Policy before = compiled.get(namespace);
    if (before != null) {
      retired.add(before);
      compiled.remove(namespace);
    }
  }

  /** Works with another engine, or none, from now on. Returns what the new one refuses. */
  @SuppressWarnings("ReferenceEquality") // another engine is another object
  List<Rejection> engine(@Nullable PolicyEngine next, Collection<PolicyRules> all) {
    if (next == engine) {
      return List.of();
    }
    engine = next;
    compiled.names().forEach(this::drop);
    return all.stream().flatMap(rules -> accept(rules).stream()).toList();
  }

  boolean changed() {
    return compiled.changed();
  }

  Map<String, PolicyEngine.Policy> snapshot() {
    return compiled.snapshot();
  }

  /** What is to be closed once no request can reach it; each is told once. */
  List<PolicyEngine.Policy> takeRetired() {
    List<PolicyEngine.Policy> all = List.copyOf(retired);
    retired.clear();
    return all;
  }

  /** The policy of a namespace that has none: nothing to ask an engine for. */
  private static final class Nothing implements PolicyEngine.Policy {
    @Override
    public PolicyEngine.Outcome check(Attributes request, PolicyEngine.Later later) {
      return PolicyEngine.Outcome.ALLOWED;
    }

    @Override
    public void close() {}
  }
}

package dev.tenon.mixer.operate;

import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The policy that this process knows: the mesh's where galley offers it, else what its proxy was sent. Thread-safe. */
public final class InForce {
  private final Supplier<List<PolicyRules>> sent;
  private volatile @Nullable RuleSet whole;

  /** @param sent what is compiled for this process's own requests */
  public InForce(Supplier<List<PolicyRules>> sent) {
    this.sent = sent;
  }

  /** The mesh's configuration has changed. */
  public void rules(RuleSet rules) {
    whole = rules;
  }

  /** Whether that is the mesh's whole policy. */
  boolean isWhole() {
    return whole != null;
  }

  /** By configuration namespace, in order. */
  Map<String, PolicyRules> namespaces() {
    Map<String, PolicyRules> all = new TreeMap<>();
    RuleSet rules = whole;
    if (rules != null) {
      all.putAll(rules.policies());
    } else {
      sent.get().forEach(each -> all.put(each.namespace(), each));
    }
    return all;
  }

  Optional<PolicyRules> namespace(String name) {
    return Optional.ofNullable(namespaces().get(name));
  }
}

package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.pilot.join.Topology;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.rules.DestinationRule.Subset;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import dev.tenon.spi.rules.DestinationRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which clusters a namespace's proxies have: one for each port of each service, and one for each
 * subset beside it. A service follows the DestinationRules of the caller's namespace if that has any
 * for it, else those of its own, else those of the root namespace.
 */
final class Clusters {
  private final String namespace;
  /** Resolved host → rules, by the namespace they lie in. */
  private final Map<String, Map<String, List<DestinationRule>>> rules = new HashMap<>();

  private Clusters(Topology topology, String namespace) {
    this.namespace = namespace;
    for (DestinationRule rule : topology.destinationRules()) {
      String from = rule.meta().namespace();
      if (from.equals(namespace) || isExported(rule.exportTo(), namespace)) {
        String host = topology.resolve(rule.host(), from);
        rules
            .computeIfAbsent(from, _ -> new HashMap<>())
            .computeIfAbsent(host, _ -> new ArrayList<>())
            .add(rule);
      }
    }
  }

  static boolean isExported(List<String> exportTo, String namespace) {
    return exportTo.isEmpty() || exportTo.contains("*") || exportTo.contains(namespace);
  }

  static List<ClusterPlan> of(Topology topology, Visible visible, String namespace) {
    Clusters clusters = new Clusters(topology, namespace);
    List<ClusterPlan> plans = new ArrayList<>();
    visible.shapes().forEach(shape -> clusters.plan(shape, plans));
    return plans;
  }

  private void plan(Shape shape, List<ClusterPlan> plans) {
    List<DestinationRule> applicable = rulesFor(shape);
    TrafficPolicy policy = applicable.isEmpty() ? TrafficPolicy.DEFAULT : applicable.getFirst().policy();
    Map<String, Subset> subsets = new TreeMap<>();
    applicable.forEach(rule -> rule.subsets().forEach(each -> subsets.putIfAbsent(each.name(), each)));
    for (Port port : shape.ports()) {
      if (port.protocol().isHttp()) {
        plans.add(plan(shape, port, "", Map.of(), policy));
        subsets
            .values()
            .forEach(each -> plans.add(plan(shape, port, each.name(), each.labels(), each.policy())));
      }
    }
  }

  private static ClusterPlan plan(
      Shape shape, Port port, String subset, Map<String, String> labels, TrafficPolicy policy) {
    return new ClusterPlan(
        shape.key(), port.number(), port.protocol(), subset, labels, policy);
  }

  private List<DestinationRule> rulesFor(Shape shape) {
    for (String from : List.of(namespace, shape.namespace(), Scope.ROOT_NAMESPACE)) {
      Map<String, List<DestinationRule>> there = rules.getOrDefault(from, Map.of());
      String host = mostSpecific(there.keySet(), shape.host());
      if (!host.isEmpty()) {
        return there.getOrDefault(host, List.of());
      }
    }
    return List.of();
  }

  /** The longest pattern that covers a host; empty when none does. */
  private static String mostSpecific(Set<String> patterns, String host) {
    if (patterns.contains(host)) {
      return host;
    }
    String best = "";
    for (String pattern : patterns) {
      if (Hosts.covers(pattern, host) && pattern.length() > best.length()) {
        best = pattern;
      }
    }
    return best;
  }
}

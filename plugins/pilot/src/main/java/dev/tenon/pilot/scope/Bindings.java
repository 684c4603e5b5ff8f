package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Topology;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which VirtualService governs a host within the mesh. The most specific host wins; among equals the
 * one in the caller's namespace, then in the host's, then in the root namespace, then the first by
 * name. A rule of any other namespace does not govern a service: hosts have owners.
 */
final class Bindings {
  /** What stands for all sidecars in a list of gateways. */
  static final String MESH = "mesh";

  private final String namespace;
  private final Map<String, List<VirtualService>> byHost = new HashMap<>();
  private final Set<String> wildcards = new TreeSet<>();

  Bindings(Topology topology, String namespace) {
    this.namespace = namespace;
    for (VirtualService rule : topology.virtualServices()) {
      boolean bound = rule.gateways().isEmpty() || rule.gateways().contains(MESH);
      if (bound && Clusters.isExported(rule.exportTo(), namespace)) {
        for (String written : rule.hosts()) {
          String host = topology.resolve(written, rule.meta().namespace());
          byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(rule);
          if (Hosts.isWildcard(host)) {
            wildcards.add(host);
          }
        }
      }
    }
  }

  /** All hosts that rules name, wildcards among them, sorted. */
  Set<String> hosts() {
    return new TreeSet<>(byHost.keySet());
  }

  /** Who governs a service. */
  Optional<VirtualService> governing(String host, String owner) {
    Optional<VirtualService> exact = best(host, owner);
    if (exact.isPresent()) {
      return exact;
    }
    return wildcards.stream()
        .filter(pattern -> Hosts.covers(pattern, host))
        .sorted((one, other) -> other.length() - one.length())
        .flatMap(pattern -> best(pattern, owner).stream())
        .findFirst();
  }

  /** Who speaks for a host that is no service: anybody may. */
  Optional<VirtualService> speaking(String host) {
    return byHost.getOrDefault(host, List.of()).stream()
        .min((one, other) -> Integer.compare(rank(one, ""), rank(other, "")));
  }

  private Optional<VirtualService> best(String host, String owner) {
    return byHost.getOrDefault(host, List.of()).stream()
        .filter(rule -> rank(rule, owner) < 3)
        .min((one, other) -> Integer.compare(rank(one, owner), rank(other, owner)));
  }

  private int rank(VirtualService rule, String owner) {
    String from = rule.meta().namespace();
    if (from.equals(namespace)) {
      return 0;
    }
    if (from.equals(owner)) {
      return 1;
    }
    return from.equals(Scope.ROOT_NAMESPACE) ? 2 : 3;
  }
}

package dev.tenon.spi.rules;

import java.util.Map;

/**
 * All intent at one moment, every map by {@link Meta#key()} but {@code policies}, which is by
 * configuration namespace. Objects that did not change are equal from one set to the next.
 */
public record RuleSet(
    Map<String, VirtualService> virtualServices,
    Map<String, DestinationRule> destinationRules,
    Map<String, Gateway> gateways,
    Map<String, ServiceEntry> serviceEntries,
    Map<String, WorkloadEntry> workloadEntries,
    Map<String, WorkloadGroup> workloadGroups,
    Map<String, PolicyRules> policies,
    Map<String, FilterRule> filters) {
  /** No intent at all. */
  public static final RuleSet EMPTY =
      new RuleSet(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  public RuleSet {
    virtualServices = Map.copyOf(virtualServices);
    destinationRules = Map.copyOf(destinationRules);
    gateways = Map.copyOf(gateways);
    serviceEntries = Map.copyOf(serviceEntries);
    workloadEntries = Map.copyOf(workloadEntries);
    workloadGroups = Map.copyOf(workloadGroups);
    policies = Map.copyOf(policies);
    filters = Map.copyOf(filters);
  }

  /** A set without groups. */
  public RuleSet(
      Map<String, VirtualService> virtualServices,
      Map<String, DestinationRule> destinationRules,
      Map<String, Gateway> gateways,
      Map<String, ServiceEntry> serviceEntries,
      Map<String, WorkloadEntry> workloadEntries,
      Map<String, PolicyRules> policies,
      Map<String, FilterRule> filters) {
    this(virtualServices, destinationRules, gateways, serviceEntries, workloadEntries, Map.of(), policies, filters);
  }
}

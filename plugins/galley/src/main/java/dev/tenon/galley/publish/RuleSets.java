package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.QuotaSpec;
import dev.tenon.galley.decode.RateLimit;
import dev.tenon.galley.decode.Unpublished;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.VirtualService;
import dev.tenon.spi.rules.WorkloadEntry;
import dev.tenon.spi.rules.WorkloadGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Objects in force as the one value that is published. */
final class RuleSets {
  private final Map<String, VirtualService> virtualServices = new HashMap<>();
  private final Map<String, DestinationRule> destinationRules = new HashMap<>();
  private final Map<String, Gateway> gateways = new HashMap<>();
  private final Map<String, ServiceEntry> serviceEntries = new HashMap<>();
  private final Map<String, WorkloadEntry> workloadEntries = new HashMap<>();
  private final Map<String, WorkloadGroup> workloadGroups = new HashMap<>();
  private final Map<String, Policy> policies = new HashMap<>();
  private final Map<String, FilterRule> filters = new HashMap<>();

  private final QuotaCharges charges;

  private RuleSets(String domain) {
    this.charges = new QuotaCharges(domain);
  }

  /** Policies of one namespace, in the order of the objects' names. */
  private record Policy(
      List<PolicyRules.Handler> handlers, List<PolicyRules.InstanceRule> instances, List<PolicyRules.Rule> rules) {
    Policy() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * @param objects in the order of their keys, so that equal objects make an equal set
   * @param domain the mesh's
   */
  static RuleSet of(Collection<Decoded> objects, String domain) {
    RuleSets sets = new RuleSets(domain);
    objects.forEach(each -> sets.add(each.rule()));
    Map<String, PolicyRules> policies = new HashMap<>();
    sets.policies.forEach(
        (namespace, each) ->
            policies.put(namespace, new PolicyRules(namespace, each.handlers(), sets.charged(each.instances()), each.rules())));
    return new RuleSet(
        sets.virtualServices,
        sets.destinationRules,
        sets.gateways,
        sets.serviceEntries,
        sets.workloadEntries,
        sets.workloadGroups,
        policies,
        sets.filters);
  }

  private void add(Object rule) {
    switch (rule) {
      case VirtualService each -> virtualServices.put(each.meta().key(), each);
      case DestinationRule each -> destinationRules.put(each.meta().key(), each);
      case Gateway each -> gateways.put(each.meta().key(), each);
      case ServiceEntry each -> serviceEntries.put(each.meta().key(), each);
      case WorkloadEntry each -> workloadEntries.put(each.meta().key(), each);
      case WorkloadGroup each -> workloadGroups.put(each.meta().key(), each);
      case PolicyRules.Handler each -> policy(each.meta().namespace()).handlers().add(each);
      case PolicyRules.InstanceRule each -> policy(each.meta().namespace()).instances().add(each);
      case PolicyRules.Rule each -> policy(each.meta().namespace()).rules().add(each);
      case RateLimit each -> {
        Policy policy = policy(each.handler().meta().namespace());
        policy.handlers().add(each.handler());
        policy.instances().add(each.instance());
        policy.rules().add(each.rule());
      }
      case QuotaSpec each -> charges.add(each);
      case QuotaSpec.Binding each -> charges.add(each);
      case Unpublished each -> {}
      case FilterRule each -> filters.put(each.meta().key(), each);
      default -> throw new IllegalArgumentException("no rule: " + rule.getClass());
    }
  }

  private List<PolicyRules.InstanceRule> charged(List<PolicyRules.InstanceRule> instances) {
    return instances.stream().map(charges::charged).toList();
  }

  private Policy policy(String namespace) {
    return policies.computeIfAbsent(namespace, key -> new Policy());
  }
}

package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Cexl;
import dev.tenon.galley.decode.QuotaSpec;
import dev.tenon.spi.rules.PolicyRules.InstanceRule;
import dev.tenon.spi.rules.PolicyRules.QuotaCharge;
import java.util.ArrayList;
import java.util.List;

/**
 * When quotas are charged. A quota that a QuotaSpec names, in its own namespace or in the mesh's, is
 * charged where one is bound; any other for each request that a rule matches.
 */
final class QuotaCharges {
  private static final String ROOT_NAMESPACE = "istio-system";

  private final List<QuotaSpec> specs = new ArrayList<>();
  private final List<QuotaSpec.Binding> bindings = new ArrayList<>();
  private final String domain;

  /**
   * @param domain the mesh's, for example {@code cluster.local}
   */
  QuotaCharges(String domain) {
    this.domain = domain;
  }

  void add(QuotaSpec spec) {
    specs.add(spec);
  }

  void add(QuotaSpec.Binding binding) {
    bindings.add(binding);
  }

  /** The instance with what it is charged. */
  InstanceRule charged(InstanceRule instance) {
    if (!instance.template().equals("quota") || instance.charges().isPresent()) {
      return instance;
    }
    boolean named = false;
    List<QuotaCharge> charges = new ArrayList<>();
    for (QuotaSpec spec : specs) {
      String namespace = spec.meta().namespace();
      if (!namespace.equals(instance.meta().namespace()) && !namespace.equals(ROOT_NAMESPACE)) {
        continue;
      }
      for (QuotaSpec.Charge charge : spec.charges()) {
        if (charge.quota().equalsIgnoreCase(instance.meta().name())) {
          named = true;
          bound(spec, charge, charges);
        }
      }
    }
    return named ? instance.charged(charges) : instance;
  }

  private void bound(QuotaSpec spec, QuotaSpec.Charge charge, List<QuotaCharge> charges) {
    for (QuotaSpec.Binding binding : bindings) {
      if (binding.specs().contains(spec.meta().key())) {
        for (QuotaSpec.Bound service : binding.services()) {
          charges.add(new QuotaCharge(spec.meta(), charge.amount(), Cexl.and(service.match(domain), charge.match())));
        }
      }
    }
  }
}

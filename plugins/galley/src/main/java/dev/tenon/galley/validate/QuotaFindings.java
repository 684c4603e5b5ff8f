package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.Kind;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.decode.QuotaSpec;
import dev.tenon.spi.rules.PolicyRules;
import java.util.HashSet;
import java.util.Set;

/** QuotaSpecs that nobody binds, or that name quotas which nobody has. */
final class QuotaFindings {
  private QuotaFindings() {}

  static void add(World world) {
    Set<String> bound = new HashSet<>();
    world.each(QuotaSpec.Binding.class, (decoded, binding) -> binding(world, decoded, binding, bound));
    Set<String> quotas = new HashSet<>();
    world.each(
        PolicyRules.InstanceRule.class,
        (decoded, instance) -> {
          if (instance.template().equals("quota")) {
            quotas.add(instance.meta().name());
          }
        });
    world.each(QuotaSpec.class, (decoded, spec) -> spec(world, decoded, spec, bound, quotas));
  }

  private static void binding(World world, Decoded decoded, QuotaSpec.Binding binding, Set<String> bound) {
    bound.addAll(binding.specs());
    for (int i = 0; i < binding.specs().size(); i++) {
      String key = binding.specs().get(i);
      int slash = key.indexOf('/');
      if (!world.objects.containsKey(new ObjectKey(Kind.QUOTA_SPEC, key.substring(0, slash), key.substring(slash + 1)))) {
        world.warn(decoded, "IST0101", "spec.quotaSpecs[" + i + "]", "Referenced QuotaSpec not found: \"" + key + "\"; apply it, for until then nothing is charged by it");
      }
    }
  }

  private static void spec(World world, Decoded decoded, QuotaSpec spec, Set<String> bound, Set<String> quotas) {
    if (!bound.contains(spec.meta().key())) {
      world.warn(decoded, "IST0101", "spec", "no QuotaSpecBinding binds it; its quotas are not charged until one does");
    }
    for (QuotaSpec.Charge charge : spec.charges()) {
      if (quotas.stream().noneMatch(charge.quota()::equalsIgnoreCase)) {
        world.warn(decoded, "IST0101", "spec", "Referenced quota not found: \"" + charge.quota() + "\"; apply an instance of the template quota with that name");
      }
    }
  }
}

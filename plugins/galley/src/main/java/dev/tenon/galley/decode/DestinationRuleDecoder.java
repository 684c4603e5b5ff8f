package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.DestinationRule.PlugBalancer;
import dev.tenon.spi.rules.DestinationRule.Subset;
import dev.tenon.spi.rules.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads Istio's {@code DestinationRule}. */
final class DestinationRuleDecoder {
  private DestinationRuleDecoder() {}

  static DestinationRule decode(Meta meta, Fields spec, Optional<PlugBalancer> balancer) {
    String host = spec.text("host");
    if (host.equals("*")) {
      spec.error("host", "\"*\" is every host; name one, or use *.domain");
    } else if (!host.isEmpty() && !Names.isHost(host) && !Names.isWildcardHost(host)) {
      spec.error("host", Hosts.problem(host));
    }
    TrafficPolicyDecoder.Written policy = TrafficPolicyDecoder.decode(spec);
    List<Subset> subsets = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields each : spec.mappings("subsets")) {
      String name = each.text("name");
      if (!name.isEmpty() && !Names.isLabel(name)) {
        each.error("name", "\"" + name + "\" is no subset's name; it has lower-case letters, digits and '-'");
      }
      if (!name.isEmpty() && !names.add(name)) {
        each.error("name", "\"" + name + "\" is another subset's name already");
      }
      Map<String, String> labels = Values.labels(each, "labels");
      subsets.add(new Subset(name, labels, TrafficPolicyDecoder.decode(each).over(policy).policy(balancer)));
    }
    spec.refuse("workloadSelector", "a rule holds for every caller; remove it");
    return new DestinationRule(
        meta, host, policy.policy(balancer), subsets, Values.exportTo(spec, meta.namespace()));
  }
}

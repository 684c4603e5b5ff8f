package dev.tenon.pilot.translate;

import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.policy.v1.Action;
import dev.tenon.wire.policy.v1.Handler;
import dev.tenon.wire.policy.v1.Instance;
import dev.tenon.wire.policy.v1.OnFailure;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.Rule;

/** Writes the policy of a configuration namespace as a resource of Tenon's own. */
final class PolicyWriter {
  private PolicyWriter() {}

  static Resource policy(PolicyRules rules) {
    Policy.Builder policy = Policy.newBuilder().setNamespace(rules.namespace());
    for (PolicyRules.Handler handler : rules.handlers()) {
      policy.addHandlers(
          Handler.newBuilder()
              .setName(handler.meta().name())
              .setAdapter(handler.adapter())
              .setParams(Structs.struct(handler.params()))
              .setOrigin(handler.meta().at().toString()));
    }
    for (PolicyRules.InstanceRule instance : rules.instances()) {
      policy.addInstances(
          Instance.newBuilder()
              .setName(instance.meta().name())
              .setTemplate(instance.template())
              .setParams(Structs.struct(instance.params()))
              .setOrigin(instance.meta().at().toString()));
    }
    rules.rules().forEach(rule -> policy.addRules(rule(rule)));
    return Packing.resource(rules.namespace(), policy.build());
  }

  private static Rule rule(PolicyRules.Rule rule) {
    Rule.Builder written =
        Rule.newBuilder()
            .setName(rule.meta().name())
            .setMatch(rule.match())
            .setOnFailure(rule.failOpen() ? OnFailure.OPEN : OnFailure.CLOSED)
            .setOrigin(rule.meta().at().toString());
    for (PolicyRules.Action action : rule.actions()) {
      written.addActions(
          Action.newBuilder().setHandler(action.handler()).addAllInstances(action.instances()));
    }
    return written.build();
  }
}

package dev.tenon.pilot.translate;

import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.policy.v1.Action;
import dev.tenon.wire.policy.v1.Handler;
import dev.tenon.wire.policy.v1.HeaderRule;
import dev.tenon.wire.policy.v1.Instance;
import dev.tenon.wire.policy.v1.OnFailure;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.QuotaCharge;
import dev.tenon.wire.policy.v1.Rule;
import java.util.List;

/** Writes the policy of a configuration namespace as a resource of Tenon's own. */
final class PolicyWriter {
  private PolicyWriter() {}

  static Resource policy(PolicyRules rules) {
    Policy.Builder policy = Policy.newBuilder().setNamespace(rules.namespace());
    for (PolicyRules.Handler handler : rules.handlers()) {
      policy.addHandlers(
          Handler.newBuilder()
              .setName(handler.meta().name())
              .setKind(handler.kind().equals(PolicyRules.HANDLER) ? "" : handler.kind())
              .setAdapter(handler.adapter())
              .setParams(Structs.struct(handler.params()))
              .setOrigin(handler.meta().at().toString()));
    }
    rules.instances().forEach(instance -> policy.addInstances(instance(instance)));
    rules.rules().forEach(rule -> policy.addRules(rule(rule)));
    return Packing.resource(rules.namespace(), policy.build());
  }

  private static Instance instance(PolicyRules.InstanceRule instance) {
    Instance.Builder written =
        Instance.newBuilder()
            .setName(instance.meta().name())
            .setKind(instance.kind().equals(PolicyRules.INSTANCE) ? "" : instance.kind())
            .setTemplate(instance.template())
            .setParams(Structs.struct(instance.params()))
            .setMetered(instance.charges().isPresent())
            .setOrigin(instance.meta().at().toString());
    if (!instance.bindings().entries().isEmpty()) {
      written.setBindings(Structs.struct(instance.bindings()));
    }
    for (PolicyRules.QuotaCharge charge : instance.charges().orElse(List.of())) {
      written.addCharges(
          QuotaCharge.newBuilder()
              .setSpec(charge.spec().key())
              .setAmount(charge.amount())
              .setMatch(charge.match())
              .setOrigin(charge.spec().at().toString()));
    }
    return written.build();
  }

  private static Rule rule(PolicyRules.Rule rule) {
    Rule.Builder written =
        Rule.newBuilder()
            .setName(rule.meta().name())
            .setMatch(rule.match())
            .setAllowsExceeded(rule.allowsExceeded())
            .setOnFailure(rule.failOpen() ? OnFailure.OPEN : OnFailure.CLOSED)
            .setOrigin(rule.meta().at().toString());
    rule.requestHeaders().forEach(each -> written.addRequestHeaders(header(each)));
    rule.responseHeaders().forEach(each -> written.addResponseHeaders(header(each)));
    for (PolicyRules.Action action : rule.actions()) {
      written.addActions(
          Action.newBuilder().setHandler(action.handler()).addAllInstances(action.instances()));
    }
    return written.build();
  }

  private static HeaderRule header(PolicyRules.HeaderRule rule) {
    return HeaderRule.newBuilder()
        .setOperation(
            switch (rule.operation()) {
              case REPLACE -> HeaderRule.Operation.REPLACE;
              case REMOVE -> HeaderRule.Operation.REMOVE;
              case APPEND -> HeaderRule.Operation.APPEND;
            })
        .setName(rule.name())
        .addAllValues(rule.values())
        .build();
  }
}

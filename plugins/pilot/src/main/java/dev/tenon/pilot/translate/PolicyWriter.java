package dev.tenon.pilot.translate;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.spi.config.Node;
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
              .setParams(struct(handler.params()))
              .setOrigin(handler.meta().at().toString()));
    }
    for (PolicyRules.InstanceRule instance : rules.instances()) {
      policy.addInstances(
          Instance.newBuilder()
              .setName(instance.meta().name())
              .setTemplate(instance.template())
              .setParams(struct(instance.params()))
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

  private static Struct struct(Node.Mapping mapping) {
    Struct.Builder struct = Struct.newBuilder();
    mapping.entries().forEach((name, node) -> struct.putFields(name, value(node)));
    return struct.build();
  }

  private static Value value(Node node) {
    Value.Builder value = Value.newBuilder();
    switch (node) {
      case Node.Text text -> value.setStringValue(text.value());
      case Node.Numeric number -> value.setNumberValue(number.value());
      case Node.Truth truth -> value.setBoolValue(truth.value());
      case Node.Null _ -> value.setNullValue(NullValue.NULL_VALUE);
      case Node.Items items -> {
        ListValue.Builder list = ListValue.newBuilder();
        items.items().forEach(item -> list.addValues(value(item)));
        value.setListValue(list);
      }
      case Node.Mapping mapping -> value.setStructValue(struct(mapping));
    }
    return value.build();
  }
}

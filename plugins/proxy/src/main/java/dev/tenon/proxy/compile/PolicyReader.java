package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.policy.v1.Action;
import dev.tenon.wire.policy.v1.Handler;
import dev.tenon.wire.policy.v1.Instance;
import dev.tenon.wire.policy.v1.OnFailure;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.Rule;

/** Reads policy resources into rules; what they mean is the policy engine's to say. Pure. */
public final class PolicyReader {
  private static final Shape SHAPE =
      Shape.of(Policy::getDescriptor, Policy.NAMESPACE_FIELD_NUMBER)
          .with(
              Policy.HANDLERS_FIELD_NUMBER,
              Shape.of(
                  Handler::getDescriptor,
                  Handler.NAME_FIELD_NUMBER,
                  Handler.ADAPTER_FIELD_NUMBER,
                  Handler.PARAMS_FIELD_NUMBER,
                  Handler.ORIGIN_FIELD_NUMBER))
          .with(
              Policy.INSTANCES_FIELD_NUMBER,
              Shape.of(
                  Instance::getDescriptor,
                  Instance.NAME_FIELD_NUMBER,
                  Instance.TEMPLATE_FIELD_NUMBER,
                  Instance.PARAMS_FIELD_NUMBER,
                  Instance.ORIGIN_FIELD_NUMBER))
          .with(
              Policy.RULES_FIELD_NUMBER,
              Shape.of(
                      Rule::getDescriptor,
                      Rule.NAME_FIELD_NUMBER,
                      Rule.MATCH_FIELD_NUMBER,
                      Rule.ON_FAILURE_FIELD_NUMBER,
                      Rule.ORIGIN_FIELD_NUMBER)
                  .with(
                      Rule.ACTIONS_FIELD_NUMBER,
                      Shape.of(
                          Action::getDescriptor, Action.HANDLER_FIELD_NUMBER, Action.INSTANCES_FIELD_NUMBER)));

  private PolicyReader() {}

  /** Reads the bytes of a {@code dev.tenon.policy.v1.Policy}. */
  public static Compilation<PolicyRules> read(ByteString bytes) {
    return Unusable.attempt(
        () -> {
          SHAPE.demand(bytes);
          return rules(Policy.parseFrom(bytes));
        });
  }

  private static PolicyRules rules(Policy policy) {
    String namespace = policy.getNamespace();
    return new PolicyRules(
        namespace,
        Unusable.each(
            "handlers",
            policy.getHandlersList(),
            handler ->
                new PolicyRules.Handler(
                    meta(namespace, handler.getName(), handler.getOrigin()),
                    handler.getAdapter(),
                    Unusable.in("params", () -> Structs.mapping(handler.getParams(), Structs.position(handler.getOrigin()))))),
        Unusable.each(
            "instances",
            policy.getInstancesList(),
            instance ->
                new PolicyRules.InstanceRule(
                    meta(namespace, instance.getName(), instance.getOrigin()),
                    instance.getTemplate(),
                    Unusable.in("params", () -> Structs.mapping(instance.getParams(), Structs.position(instance.getOrigin()))))),
        Unusable.each("rules", policy.getRulesList(), rule -> rule(namespace, rule)));
  }

  private static PolicyRules.Rule rule(String namespace, Rule rule) {
    return new PolicyRules.Rule(
        meta(namespace, rule.getName(), rule.getOrigin()),
        rule.getMatch(),
        Structs.position(rule.getOrigin()),
        rule.getActionsList().stream()
            .map(action -> new PolicyRules.Action(action.getHandler(), action.getInstancesList()))
            .toList(),
        rule.getOnFailure() == OnFailure.OPEN);
  }

  private static Meta meta(String namespace, String name, String origin) {
    if (name.isEmpty()) {
      throw new Unusable("name", "is required");
    }
    return new Meta(namespace, name, Structs.position(origin));
  }
}

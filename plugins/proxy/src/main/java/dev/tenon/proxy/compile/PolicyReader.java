package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;
import dev.tenon.wire.policy.v1.Action;
import dev.tenon.wire.policy.v1.Handler;
import dev.tenon.wire.policy.v1.HeaderRule;
import dev.tenon.wire.policy.v1.Instance;
import dev.tenon.wire.policy.v1.OnFailure;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.QuotaCharge;
import dev.tenon.wire.policy.v1.Rule;
import java.util.Optional;

/** Reads policy resources into rules; what they mean is the policy engine's to say. Pure. */
public final class PolicyReader {
  private static final Shape HEADER =
      Shape.of(
          "dev.tenon.policy.v1.HeaderRule",
          HeaderRule.OPERATION_FIELD_NUMBER,
          HeaderRule.NAME_FIELD_NUMBER,
          HeaderRule.VALUES_FIELD_NUMBER);
  private static final Shape SHAPE =
      Shape.of("dev.tenon.policy.v1.Policy", Policy.NAMESPACE_FIELD_NUMBER)
          .with(
              Policy.HANDLERS_FIELD_NUMBER,
              Shape.of(
                  "dev.tenon.policy.v1.Handler",
                  Handler.KIND_FIELD_NUMBER,
                  Handler.NAME_FIELD_NUMBER,
                  Handler.ADAPTER_FIELD_NUMBER,
                  Handler.PARAMS_FIELD_NUMBER,
                  Handler.ORIGIN_FIELD_NUMBER))
          .with(
              Policy.INSTANCES_FIELD_NUMBER,
              Shape.of(
                      "dev.tenon.policy.v1.Instance",
                      Instance.NAME_FIELD_NUMBER,
                      Instance.KIND_FIELD_NUMBER,
                      Instance.TEMPLATE_FIELD_NUMBER,
                      Instance.PARAMS_FIELD_NUMBER,
                      Instance.BINDINGS_FIELD_NUMBER,
                      Instance.METERED_FIELD_NUMBER,
                      Instance.ORIGIN_FIELD_NUMBER)
                  .with(
                      Instance.CHARGES_FIELD_NUMBER,
                      Shape.of(
                          "dev.tenon.policy.v1.QuotaCharge",
                          QuotaCharge.SPEC_FIELD_NUMBER,
                          QuotaCharge.AMOUNT_FIELD_NUMBER,
                          QuotaCharge.MATCH_FIELD_NUMBER,
                          QuotaCharge.ORIGIN_FIELD_NUMBER)))
          .with(
              Policy.RULES_FIELD_NUMBER,
              Shape.of(
                      "dev.tenon.policy.v1.Rule",
                      Rule.NAME_FIELD_NUMBER,
                      Rule.MATCH_FIELD_NUMBER,
                      Rule.ON_FAILURE_FIELD_NUMBER,
                      Rule.ALLOWS_EXCEEDED_FIELD_NUMBER,
                      Rule.ORIGIN_FIELD_NUMBER)
                  .with(Rule.REQUEST_HEADERS_FIELD_NUMBER, HEADER)
                  .with(Rule.RESPONSE_HEADERS_FIELD_NUMBER, HEADER)
                  .with(
                      Rule.ACTIONS_FIELD_NUMBER,
                      Shape.of(
                          "dev.tenon.policy.v1.Action", Action.HANDLER_FIELD_NUMBER, Action.INSTANCES_FIELD_NUMBER)));

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
                    handler.getKind().isEmpty() ? PolicyRules.HANDLER : handler.getKind(),
                    handler.getAdapter(),
                    Unusable.in("params", () -> Structs.mapping(handler.getParams(), Structs.position(handler.getOrigin()))))),
        Unusable.each(
            "instances",
            policy.getInstancesList(),
            instance -> instance(namespace, instance)),
        Unusable.each("rules", policy.getRulesList(), rule -> rule(namespace, rule)));
  }

  private static PolicyRules.InstanceRule instance(String namespace, Instance instance) {
    Position at = Structs.position(instance.getOrigin());
    return new PolicyRules.InstanceRule(
        meta(namespace, instance.getName(), instance.getOrigin()),
        instance.getKind().isEmpty() ? PolicyRules.INSTANCE : instance.getKind(),
        instance.getTemplate(),
        Unusable.in("params", () -> Structs.mapping(instance.getParams(), at)),
        Unusable.in("bindings", () -> Structs.mapping(instance.getBindings(), at)),
        instance.getMetered()
            ? Optional.of(Unusable.each("charges", instance.getChargesList(), PolicyReader::charge))
            : Optional.empty());
  }

  private static PolicyRules.QuotaCharge charge(QuotaCharge charge) {
    if (charge.getAmount() < 1) {
      throw new Unusable("amount", "is " + charge.getAmount() + "; it should be at least 1");
    }
    String spec = charge.getSpec();
    int slash = spec.indexOf('/');
    return new PolicyRules.QuotaCharge(
        meta(spec.substring(0, Math.max(0, slash)), spec.substring(slash + 1), charge.getOrigin()),
        charge.getAmount(),
        charge.getMatch());
  }

  private static PolicyRules.Rule rule(String namespace, Rule rule) {
    return new PolicyRules.Rule(
        meta(namespace, rule.getName(), rule.getOrigin()),
        rule.getMatch(),
        Structs.position(rule.getOrigin()),
        rule.getActionsList().stream()
            .map(action -> new PolicyRules.Action(action.getHandler(), action.getInstancesList()))
            .toList(),
        rule.getOnFailure() == OnFailure.OPEN,
        rule.getAllowsExceeded(),
        Unusable.each("request_headers", rule.getRequestHeadersList(), PolicyReader::header),
        Unusable.each("response_headers", rule.getResponseHeadersList(), PolicyReader::header));
  }

  private static PolicyRules.HeaderRule header(HeaderRule rule) {
    return new PolicyRules.HeaderRule(
        switch (rule.getOperation()) {
          case REPLACE -> Operation.REPLACE;
          case REMOVE -> Operation.REMOVE;
          case APPEND -> Operation.APPEND;
          case UNRECOGNIZED -> throw new Unusable("operation", "is none of REPLACE, REMOVE, APPEND");
        },
        rule.getName(),
        rule.getValuesList());
  }

  private static Meta meta(String namespace, String name, String origin) {
    if (name.isEmpty()) {
      throw new Unusable("name", "is required");
    }
    return new Meta(namespace, name, Structs.position(origin));
  }
}

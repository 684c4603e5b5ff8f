package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.policy.v1.Action;
import dev.tenon.wire.policy.v1.Handler;
import dev.tenon.wire.policy.v1.Instance;
import dev.tenon.wire.policy.v1.OnFailure;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.Rule;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Reads policy resources into rules; what they mean is the policy engine's to say. Pure. */
public final class PolicyReader {
  private static final int DEEPEST = 32;

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
                    Unusable.in("params", () -> mapping(handler.getParams(), position(handler.getOrigin()), 0)))),
        Unusable.each(
            "instances",
            policy.getInstancesList(),
            instance ->
                new PolicyRules.InstanceRule(
                    meta(namespace, instance.getName(), instance.getOrigin()),
                    instance.getTemplate(),
                    Unusable.in("params", () -> mapping(instance.getParams(), position(instance.getOrigin()), 0)))),
        Unusable.each("rules", policy.getRulesList(), rule -> rule(namespace, rule)));
  }

  private static PolicyRules.Rule rule(String namespace, Rule rule) {
    return new PolicyRules.Rule(
        meta(namespace, rule.getName(), rule.getOrigin()),
        rule.getMatch(),
        position(rule.getOrigin()),
        rule.getActionsList().stream()
            .map(action -> new PolicyRules.Action(action.getHandler(), action.getInstancesList()))
            .toList(),
        rule.getOnFailure() == OnFailure.OPEN);
  }

  private static Meta meta(String namespace, String name, String origin) {
    if (name.isEmpty()) {
      throw new Unusable("name", "is required");
    }
    return new Meta(namespace, name, position(origin));
  }

  /** From {@code file:line:column}, whatever colons the file's name has. */
  static Position position(String origin) {
    int last = origin.lastIndexOf(':');
    int first = last < 0 ? -1 : origin.lastIndexOf(':', last - 1);
    if (first > 0 && number(origin, first + 1, last) && number(origin, last + 1, origin.length())) {
      return new Position(
          origin.substring(0, first),
          Integer.parseInt(origin, first + 1, last, 10),
          Integer.parseInt(origin, last + 1, origin.length(), 10));
    }
    return Position.of(origin);
  }

  private static boolean number(String text, int from, int to) {
    return to > from && to - from < 10 && text.substring(from, to).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Node.Mapping mapping(Struct struct, Position at, int depth) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    struct
        .getFieldsMap()
        .forEach((name, value) -> entries.put(name, Unusable.in(name, () -> node(value, at, depth + 1))));
    return new Node.Mapping(entries, at);
  }

  private static Node node(Value value, Position at, int depth) {
    if (depth > DEEPEST) {
      throw new Unusable("", "is nested more than " + DEEPEST + " deep");
    }
    return switch (value.getKindCase()) {
      case STRING_VALUE -> new Node.Text(value.getStringValue(), at);
      case NUMBER_VALUE -> new Node.Numeric(value.getNumberValue(), at);
      case BOOL_VALUE -> new Node.Truth(value.getBoolValue(), at);
      case STRUCT_VALUE -> mapping(value.getStructValue(), at, depth);
      case LIST_VALUE ->
          new Node.Items(
              Unusable.each("values", value.getListValue().getValuesList(), item -> node(item, at, depth + 1)), at);
      case NULL_VALUE, KIND_NOT_SET -> new Node.Null(at);
    };
  }
}

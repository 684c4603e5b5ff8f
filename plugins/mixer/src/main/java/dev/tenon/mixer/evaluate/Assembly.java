package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.parse.Operator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Chooses the evaluator of each part of a checked expression. */
final class Assembly {
  private Assembly() {}

  static Evaluator of(Typed expression) {
    return switch (expression) {
      case Typed.Constant constant -> new Leaves.Constant(constant.value());
      case Typed.Attribute attribute -> new Leaves.Attribute(attribute.name(), attribute.type());
      case Typed.Entry entry -> entry(entry);
      case Typed.Operation operation -> operation(operation);
      case Typed.Call call -> call(call);
      case Typed.Foreign foreign -> new Leaves.Foreign(foreign.formula());
    };
  }

  private static Evaluator entry(Typed.Entry entry) {
    if (entry.map() instanceof Typed.Attribute map
        && entry.key() instanceof Typed.Constant(ValueType ignored, String key)) {
      return new Leaves.ConstantEntry(map.name(), key);
    }
    return new Leaves.Entry(of(entry.map()), of(entry.key()));
  }

  private static Evaluator operation(Typed.Operation operation) {
    return switch (operation.operator()) {
      case AND -> new Operations.Logic(all(operation.operands()), false);
      case OR -> new Operations.Logic(all(operation.operands()), true);
      case ELSE -> new Leaves.FirstOf(all(operation.operands()));
      case PLUS -> new Operations.Sum(all(operation.operands()));
      case EQUAL -> equality(operation, true);
      case UNEQUAL -> equality(operation, false);
      case LESS, AT_MOST, GREATER, AT_LEAST -> order(operation);
    };
  }

  private static Evaluator[] all(List<Typed> operands) {
    return operands.stream().map(Assembly::of).toArray(Evaluator[]::new);
  }

  private static Evaluator equality(Typed.Operation operation, boolean wanted) {
    Typed left = operation.operands().get(0);
    Typed right = operation.operands().get(1);
    boolean byEquals =
        switch (operation.operandType()) {
          case STRING, INT64, BOOL -> true;
          default -> false;
        };
    if (byEquals && right instanceof Typed.Constant constant) {
      return new Operations.EqualsConstant(of(left), constant.value(), wanted);
    }
    if (byEquals && left instanceof Typed.Constant constant) {
      return new Operations.EqualsConstant(of(right), constant.value(), wanted);
    }
    Operations.Join same = same(operation.operandType());
    Operations.Join join =
        wanted
            ? same
            : (first, second) -> {
              Object equal = same.of(first, second);
              return equal instanceof Boolean truth ? (Object) !truth : equal;
            };
    return new Operations.Binary(of(left), of(right), join);
  }

  private static Operations.Join same(ValueType type) {
    return switch (type) {
      case DOUBLE -> (first, second) -> ((Double) first).doubleValue() == (Double) second;
      case DNS_NAME -> DnsNames::same;
      case EMAIL_ADDRESS -> Mail::same;
      case URI -> WebAddress::same;
      default -> Object::equals;
    };
  }

  private static Evaluator order(Typed.Operation operation) {
    Operator operator = operation.operator();
    Operations.Join join =
        switch (operator) {
          case LESS -> (first, second) -> ordered(first, second) && Operations.compare(first, second) < 0;
          case AT_MOST ->
              (first, second) -> ordered(first, second) && Operations.compare(first, second) <= 0;
          case GREATER ->
              (first, second) -> ordered(first, second) && Operations.compare(first, second) > 0;
          default -> (first, second) -> ordered(first, second) && Operations.compare(first, second) >= 0;
        };
    return new Operations.Binary(
        of(operation.operands().get(0)), of(operation.operands().get(1)), join);
  }

  /** NaN is neither less nor greater nor equal. */
  private static boolean ordered(Object first, Object second) {
    return !(first instanceof Double one
        && second instanceof Double other
        && (one.isNaN() || other.isNaN()));
  }

  private static Evaluator call(Typed.Call call) {
    Evaluator[] arguments = all(call.arguments());
    return switch (call.function()) {
      case MATCH -> new Calls.Binary(arguments[0], arguments[1], Assembly::match);
      case MATCHES -> new Calls.Binary(arguments[0], arguments[1], new Patterns());
      case STARTS_WITH ->
          new Calls.Binary(
              arguments[0],
              arguments[1],
              (text, start) -> ((String) text).startsWith((String) start));
      case ENDS_WITH ->
          new Calls.Binary(
              arguments[0], arguments[1], (text, end) -> ((String) text).endsWith((String) end));
      case TO_LOWER -> new Calls.Unary(arguments[0], text -> text.toLowerCase(Locale.ROOT));
      case SIZE -> new Calls.Size(arguments[0]);
      case IP -> new Calls.Unary(arguments[0], Addresses::ip);
      case TIMESTAMP -> new Calls.Unary(arguments[0], Addresses::timestamp);
      case DNS_NAME -> new Calls.Unary(arguments[0], DnsNames::dnsName);
      case EMAIL -> new Calls.Unary(arguments[0], Mail::email);
      case URI -> new Calls.Unary(arguments[0], WebAddress::uri);
      case EMPTY_STRING_MAP -> new Leaves.Constant(Map.of());
      case CONDITIONAL -> new Calls.Lazy(arguments[0], arguments[1], arguments[2]);
      case CONDITIONAL_STRING -> new Calls.Eager(arguments[0], arguments[1], arguments[2]);
    };
  }

  /** A final {@code *} matches any end, else a first one any beginning. */
  private static Object match(Object value, Object shape) {
    String text = (String) value;
    String pattern = (String) shape;
    if (pattern.endsWith("*")) {
      return text.regionMatches(0, pattern, 0, pattern.length() - 1);
    }
    return pattern.startsWith("*")
        ? text.endsWith(pattern.substring(1))
        : text.equals(pattern);
  }
}

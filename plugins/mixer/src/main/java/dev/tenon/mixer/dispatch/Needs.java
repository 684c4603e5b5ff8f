package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.ValueType;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a match cannot do without: things that it compares with constants, each with the values of which it must have one. Of {@code
 * (request.host == "a" || request.host == "b") && request.method == "GET"} these are the host, with two values, and the method, with one.
 */
final class Needs {
  private Needs() {}

  /** By what is compared, in the order written; empty when nothing is needed for sure. */
  static Map<Typed, Set<Object>> of(Typed match) {
    if (!(match instanceof Typed.Operation operation)) {
      return Map.of();
    }
    return switch (operation.operator()) {
      case EQUAL -> comparison(operation);
      case AND -> operation.operands().stream().map(Needs::of).reduce(Map.of(), Needs::both);
      case OR -> operation.operands().stream().map(Needs::of).reduce(Needs::either).orElse(Map.of());
      default -> Map.of();
    };
  }

  private static Map<Typed, Set<Object>> comparison(Typed.Operation equal) {
    ValueType type = equal.operandType();
    if (type != ValueType.STRING && type != ValueType.INT64) {
      return Map.of();
    }
    Typed left = equal.operands().get(0);
    Typed right = equal.operands().get(1);
    if (right instanceof Typed.Constant constant) {
      return Map.of(left, Set.of(constant.value()));
    }
    return left instanceof Typed.Constant constant ? Map.of(right, Set.of(constant.value())) : Map.of();
  }

  /** What is needed by one and by the other; no value is left where they contradict each other. */
  private static Map<Typed, Set<Object>> both(Map<Typed, Set<Object>> one, Map<Typed, Set<Object>> other) {
    Map<Typed, Set<Object>> all = new LinkedHashMap<>(one);
    other.forEach((compared, values) -> all.merge(compared, values, (these, those) -> {
      Set<Object> common = new HashSet<>(these);
      common.retainAll(those);
      return common;
    }));
    return all;
  }

  /** What is needed whichever of them holds. */
  private static Map<Typed, Set<Object>> either(Map<Typed, Set<Object>> one, Map<Typed, Set<Object>> other) {
    Map<Typed, Set<Object>> all = new LinkedHashMap<>();
    one.forEach((compared, values) -> {
      Set<Object> more = other.get(compared);
      if (more != null) {
        Set<Object> any = new HashSet<>(values);
        any.addAll(more);
        all.put(compared, any);
      }
    });
    return all;
  }
}

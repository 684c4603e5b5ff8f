package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.parse.GoDurations;
import dev.tenon.spi.policy.Attributes;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One line of an expression table in its JSON form. */
record Case(Map<?, ?> json) {
  String expression() {
    return (String) Objects.requireNonNull(json.get("expression"));
  }

  String attributeSet() {
    return (String) Objects.requireNonNull(json.get("attributes"));
  }

  boolean has(String field) {
    return json.containsKey(field);
  }

  ValueType type() {
    return ValueType.valueOf((String) Objects.requireNonNull(json.get("type")));
  }

  Object result() {
    return value(Objects.requireNonNull(json.get("result")));
  }

  List<?> referenced() {
    return (List<?>) Objects.requireNonNull(json.get("referenced"));
  }

  Attributes input() {
    Map<?, ?> input = (Map<?, ?>) Objects.requireNonNull(json.get("input"));
    return new GivenAttributes(
        input.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> (String) Objects.requireNonNull(entry.getKey()),
                    entry -> value(Objects.requireNonNull(entry.getValue())))));
  }

  static Vocabulary vocabulary(Map<?, ?> types) {
    return new Vocabulary(
        types.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> (String) Objects.requireNonNull(entry.getKey()),
                    entry ->
                        new Vocabulary.Attribute(
                            ValueType.valueOf((String) Objects.requireNonNull(entry.getValue())),
                            Vocabulary.Seen.CHECK))));
  }

  private static Object value(Object json) {
    if (!(json instanceof Map<?, ?> typed)) {
      return json;
    }
    Map.Entry<?, ?> only = typed.entrySet().iterator().next();
    String text = String.valueOf(only.getValue());
    return switch (String.valueOf(only.getKey())) {
      case "int64" -> Long.valueOf(text);
      case "double" -> Double.valueOf(text);
      case "duration" -> GoDurations.parse(text).orElseThrow();
      case "timestamp" -> Instant.parse(text);
      case "ip" -> InetAddress.ofLiteral(text);
      case "map_string" -> Objects.requireNonNull(only.getValue());
      default -> throw new IllegalArgumentException("unknown type of value: " + only.getKey());
    };
  }

  @Override
  public String toString() {
    @Nullable Object input = json.get("input");
    return expression() + " with " + input;
  }
}

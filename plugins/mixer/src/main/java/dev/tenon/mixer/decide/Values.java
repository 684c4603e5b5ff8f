package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted.Field;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.evaluate.Failure;
import dev.tenon.spi.policy.Attributes;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** The values that a request gives to the fields of an instance. */
final class Values {
  private Values() {}

  /** A map of the values by field, or the first {@link Failure}, which names its field. */
  static Object of(Map<String, Field> fields, Attributes request) {
    if (fields.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> values = fields.size() == 1 ? Map.of() : HashMap.newHashMap(fields.size());
    for (Map.Entry<String, Field> field : fields.entrySet()) {
      Object value =
          switch (field.getValue()) {
            case Field.One(Compiled expression) -> expression.evaluate(request);
            case Field.Many(Map<String, Compiled> expressions) -> many(expressions, request);
            case Field.Nested(Map<String, Field> own) -> of(own, request);
          };
      if (value instanceof Failure(String reason)) {
        return new Failure("." + field.getKey() + (reason.startsWith(".") ? reason : ": " + reason));
      }
      if (fields.size() == 1) {
        return Map.of(field.getKey(), value);
      }
      values.put(field.getKey(), value);
    }
    return values;
  }

  private static Object many(Map<String, Compiled> expressions, Attributes request) {
    Map<String, Object> values = HashMap.newHashMap(expressions.size());
    for (Map.Entry<String, Compiled> each : expressions.entrySet()) {
      Object value = each.getValue().evaluate(request);
      if (value instanceof Failure) {
        return value;
      }
      if (expressions.size() == 1) {
        return Map.of(each.getKey(), value);
      }
      values.put(each.getKey(), value);
    }
    return Collections.unmodifiableMap(values);
  }
}

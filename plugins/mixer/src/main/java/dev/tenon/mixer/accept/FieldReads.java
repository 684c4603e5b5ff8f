package dev.tenon.mixer.accept;

import dev.tenon.mixer.accept.Accepted.Field;
import dev.tenon.mixer.evaluate.Compiled;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which attributes the fields of an instance are made of. */
public final class FieldReads {
  private FieldReads() {}

  /** The names of the attributes. */
  public static Set<String> of(Map<String, Field> fields) {
    Set<String> names = new HashSet<>();
    for (Field field : fields.values()) {
      switch (field) {
        case Field.One(Compiled expression) -> names.addAll(expression.attributes());
        case Field.Many(Map<String, Compiled> expressions) -> expressions.values().forEach(each -> names.addAll(each.attributes()));
        case Field.Nested(Map<String, Field> own) -> names.addAll(of(own));
      }
    }
    return names;
  }
}

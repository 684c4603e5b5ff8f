package dev.tenon.mixer.evaluate;

import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.spi.policy.Attributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes that give values: constants, attributes, entries of maps. */
final class Leaves {
  private Leaves() {}

  static final class Constant extends Evaluator {
    final Object value;

    Constant(Object value) {
      this.value = value;
    }

    @Override
    Object evaluate(Attributes attributes) {
      return value;
    }

    @Override
    Object attempt(Attributes attributes) {
      return value;
    }
  }

  static final class Attribute extends Evaluator {
    final String name;
    private final ValueType type;
    private final Class<?> held;
    private final Failure absent;

    Attribute(String name, ValueType type) {
      this.name = name;
      this.type = type;
      this.held = type.held();
      this.absent = Failure.absent(name);
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object value = attempt(attributes);
      return value == null ? absent : value;
    }

    @Override
    @Nullable Object attempt(Attributes attributes) {
      Object value = attributes.get(name);
      return value == null || held.isInstance(value) ? value : wrongType(value);
    }

    private Failure wrongType(Object value) {
      return new Failure(name + " is no " + type + " but a " + value.getClass().getSimpleName());
    }
  }

  /** An expression of another language. */
  static final class Foreign extends Evaluator {
    private final Typed.Formula formula;

    Foreign(Typed.Formula formula) {
      this.formula = formula;
    }

    @Override
    Object evaluate(Attributes attributes) {
      try {
        return formula.evaluate(attributes);
      } catch (Typed.NoValue e) {
        return new Failure(String.valueOf(e.getMessage()));
      }
    }
  }

  /** {@code attribute["key"]}, the common form: one look-up, no map is made. */
  static final class ConstantEntry extends Evaluator {
    private final String map;
    private final String key;
    private final Failure absent;

    ConstantEntry(String map, String key) {
      this.map = map;
      this.key = key;
      this.absent = Failure.absent(map);
    }

    @Override
    Object evaluate(Attributes attributes) {
      String value = attributes.entry(map, key);
      if (value != null) {
        return value;
      }
      return attributes.has(map) ? "" : absent;
    }

    @Override
    @Nullable Object attempt(Attributes attributes) {
      return attributes.entry(map, key);
    }
  }

  /** Any map, any key. */
  static final class Entry extends Evaluator {
    private final Evaluator map;
    private final Evaluator key;

    Entry(Evaluator map, Evaluator key) {
      this.map = map;
      this.key = key;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object from = map.evaluate(attributes);
      if (!(from instanceof Map<?, ?> entries)) {
        return from;
      }
      Object wanted = key.evaluate(attributes);
      if (wanted instanceof Failure) {
        return wanted;
      }
      Object value = entries.get(wanted);
      return value == null ? "" : value;
    }

    @Override
    @Nullable Object attempt(Attributes attributes) {
      Object from = map.attempt(attributes);
      if (!(from instanceof Map<?, ?> entries)) {
        return from;
      }
      Object wanted = key.attempt(attributes);
      return wanted == null || wanted instanceof Failure ? wanted : entries.get(wanted);
    }
  }

  /** {@code a | b | c}. */
  static final class FirstOf extends Evaluator {
    private final Evaluator[] all;

    FirstOf(Evaluator[] all) {
      this.all = all;
    }

    @Override
    Object evaluate(Attributes attributes) {
      for (int i = 0; i < all.length - 1; i++) {
        Object value = all[i].attempt(attributes);
        if (value != null) {
          return value;
        }
      }
      return all[all.length - 1].evaluate(attributes);
    }

    @Override
    @Nullable Object attempt(Attributes attributes) {
      for (Evaluator each : all) {
        Object value = each.attempt(attributes);
        if (value != null) {
          return value;
        }
      }
      return null;
    }
  }
}

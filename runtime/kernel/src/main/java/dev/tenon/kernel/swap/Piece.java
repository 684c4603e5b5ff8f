package dev.tenon.kernel.swap;

import dev.tenon.kernel.load.Refused;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies state on its way from one class loader to another: plain values alone, and not too many. */
final class Piece {
  private static final int MOST_VALUES = 1_000_000;
  private static final int MOST_TEXT = 64 << 20;
  private static final int DEEPEST = 16;

  private int values;
  private long text;

  private Piece() {}

  /**
   * A deep, unmodifiable copy.
   *
   * @throws Refused when something in it is no plain value, or there is too much of it
   */
  static Map<String, Object> copy(Map<?, ?> state) throws Refused {
    return new Piece().map(state, "", 0);
  }

  private Map<String, Object> map(Map<?, ?> from, String at, int depth) throws Refused {
    Map<String, Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> each : from.entrySet()) {
      if (!(each.getKey() instanceof String key)) {
        throw new Refused("its state holds a key that is no text" + place(at));
      }
      count(key.length());
      copy.put(key, value(each.getValue(), at.isEmpty() ? key : at + "." + key, depth + 1));
    }
    return Collections.unmodifiableMap(copy);
  }

  private Object value(@Nullable Object from, String at, int depth) throws Refused {
    if (depth > DEEPEST) {
      throw new Refused("its state is nested more than " + DEEPEST + " deep");
    }
    return switch (from) {
      case String value -> {
        count(value.length());
        yield value;
      }
      case Long value -> counted(value);
      case Double value -> counted(value);
      case Boolean value -> counted(value);
      case Map<?, ?> value -> map(value, at, depth);
      case List<?> value -> list(value, at, depth);
      case null -> throw new Refused("its state holds a null" + place(at));
      default -> throw new Refused("its state holds a " + from.getClass().getName() + place(at)
          + "; only String, Long, Double, Boolean, List and Map are carried");
    };
  }

  private List<Object> list(List<?> from, String at, int depth) throws Refused {
    List<Object> copy = new ArrayList<>();
    for (Object each : from) {
      copy.add(value(each, at + "[" + copy.size() + "]", depth + 1));
    }
    return Collections.unmodifiableList(copy);
  }

  private Object counted(Object value) throws Refused {
    count(0);
    return value;
  }

  private void count(int characters) throws Refused {
    values++;
    text += characters;
    if (values > MOST_VALUES || text > MOST_TEXT) {
      throw new Refused("its state is larger than " + MOST_VALUES + " values or " + (MOST_TEXT >> 20) + " MiB of text");
    }
  }

  private static String place(String at) {
    return at.isEmpty() ? "" : " at " + at;
  }
}

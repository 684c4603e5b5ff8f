package dev.tenon.proxy.compile;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Structs of the wire as nodes, each said to stand where its object was written. */
final class Structs {
  private static final int DEEPEST = 32;

  private Structs() {}

  static Node.Mapping mapping(Struct struct, Position at) {
    return mapping(struct, at, 0);
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

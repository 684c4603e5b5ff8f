package dev.tenon.pilot.translate;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.spi.config.Node;

/** Writes what plug-ins are configured with, as it was written. */
final class Structs {
  private Structs() {}

  static Struct struct(Node.Mapping mapping) {
    Struct.Builder struct = Struct.newBuilder();
    mapping.entries().forEach((name, node) -> struct.putFields(name, value(node)));
    return struct.build();
  }

  static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value value(Node node) {
    Value.Builder value = Value.newBuilder();
    switch (node) {
      case Node.Text text -> value.setStringValue(text.value());
      case Node.Numeric number -> value.setNumberValue(number.value());
      case Node.Truth truth -> value.setBoolValue(truth.value());
      case Node.Null _ -> value.setNullValue(NullValue.NULL_VALUE);
      case Node.Items items -> {
        ListValue.Builder list = ListValue.newBuilder();
        items.items().forEach(item -> list.addValues(value(item)));
        value.setListValue(list);
      }
      case Node.Mapping mapping -> value.setStructValue(struct(mapping));
    }
    return value.build();
  }
}

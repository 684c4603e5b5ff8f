package dev.tenon.adapter.remote;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.spi.config.Node;

/** What an operator wrote, as protobuf's own struct: any language reads that. */
final class Plain {
  private Plain() {}

  static Struct struct(Node.Mapping mapping) {
    Struct.Builder struct = Struct.newBuilder();
    mapping.entries().forEach((name, node) -> struct.putFields(name, value(node)));
    return struct.build();
  }

  private static Value value(Node node) {
    Value.Builder value = Value.newBuilder();
    switch (node) {
      case Node.Text text -> value.setStringValue(text.value());
      case Node.Numeric number -> value.setNumberValue(number.value());
      case Node.Truth truth -> value.setBoolValue(truth.value());
      case Node.Null ignored -> value.setNullValue(NullValue.NULL_VALUE);
      case Node.Items items -> {
        ListValue.Builder list = ListValue.newBuilder();
        items.items().forEach(each -> list.addValues(value(each)));
        value.setListValue(list);
      }
      case Node.Mapping mapping -> value.setStructValue(struct(mapping));
    }
    return value.build();
  }
}

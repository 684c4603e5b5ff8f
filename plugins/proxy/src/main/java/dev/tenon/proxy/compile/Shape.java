package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a message this proxy carries out, or may leave out of account because they only
 * observe. Any other field that is set makes the resource unusable: also one that this build's API
 * does not know yet.
 *
 * <p>Looks at the bytes, not at the parsed message, so that the API's descriptors, which are slow to
 * build, are touched only to name a field that is refused.
 */
final class Shape {
  private final String message;
  private final Map<Integer, @Nullable Shape> fields = new HashMap<>();

  private Shape(String message) {
    this.message = message;
  }

  /**
   * A message with these fields, whose values the compiler looks at (or which mean nothing to a request).
   *
   * @param message its full name, of {@link EnvoyApi}
   */
  static Shape of(String message, int... fields) {
    Shape shape = new Shape(message);
    for (int field : fields) {
      shape.fields.put(field, null);
    }
    return shape;
  }

  /** Looks into a field's message as well. For building; a shape in use does not change. */
  Shape with(int field, Shape nested) {
    fields.put(field, nested);
    return this;
  }

  /**
   * Looks through a message.
   *
   * @throws Unusable naming the first field that is not of this shape
   */
  void demand(ByteString message) {
    try {
      look(message.newCodedInput());
    } catch (IOException e) {
      throw new Unusable("", "cannot be parsed: " + e.getMessage());
    }
  }

  private void look(CodedInputStream in) throws IOException {
    Map<Integer, Integer> counts = new HashMap<>();
    while (true) {
      int tag = in.readTag();
      if (tag == 0) {
        return;
      }
      int field = WireFormat.getTagFieldNumber(tag);
      int index = counts.merge(field, 1, Integer::sum) - 1;
      if (!fields.containsKey(field)) {
        throw new Unusable(name(field, index), "is not carried out by this proxy");
      }
      Shape nested = fields.get(field);
      if (nested == null || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
      } else {
        lookInto(in, field, index, nested);
      }
    }
  }

  private void lookInto(CodedInputStream in, int field, int index, Shape nested) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    try {
      nested.look(in);
    } catch (Unusable e) {
      throw e.under(name(field, index));
    } finally {
      in.popLimit(outer);
    }
  }

  private String name(int number, int index) {
    Descriptor descriptor = EnvoyApi.TYPES.find(message);
    FieldDescriptor field = descriptor == null ? null : descriptor.findFieldByNumber(number);
    if (field == null) {
      return "field " + number + " of " + message;
    }
    return field.isRepeated() && !field.isMapField() ? field.getName() + "[" + index + "]" : field.getName();
  }
}

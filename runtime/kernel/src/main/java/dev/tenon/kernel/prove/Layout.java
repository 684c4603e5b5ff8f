package dev.tenon.kernel.prove;

import java.util.List;

/** Where the references of a class's objects lie. */
record Layout(List<Slot> slots) {
  /**
   * One of them.
   *
   * @param offset from the beginning of the object's data
   * @param field the identifier of the field's name
   */
  record Slot(int offset, long field) {}

  Layout {
    slots = List.copyOf(slots);
  }

  /** A big-endian number in an object's data. */
  static long id(byte[] data, int offset, int size) {
    long value = 0;
    for (int each = 0; each < size; each++) {
      value = value << 8 | (data[offset + each] & 0xff);
    }
    return value;
  }
}

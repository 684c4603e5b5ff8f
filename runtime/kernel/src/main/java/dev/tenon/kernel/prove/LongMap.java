package dev.tenon.kernel.prove;

import java.util.Arrays;

/** From identifiers to numbers, without an object for each. Zero is no identifier. Bounded: see {@link #put}. */
final class LongMap {
  static final long NONE = Long.MIN_VALUE;
  private final int most;
  private long[] keys = new long[1 << 10];
  private long[] values = new long[1 << 10];
  private int size;

  LongMap(int most) {
    this.most = most;
  }

  /** The value, or {@link #NONE}. */
  long get(long key) {
    return keys.length == 0 || key == 0 ? NONE : keys[slot(keys, key)] == key ? values[slot(keys, key)] : NONE;
  }

  boolean has(long key) {
    return key != 0 && keys[slot(keys, key)] == key;
  }

  /**
   * Sets a value.
   *
   * @throws IllegalStateException when there is no more room
   */
  void put(long key, long value) {
    if (key == 0) {
      return;
    }
    int at = slot(keys, key);
    if (keys[at] != key) {
      if (size >= most) {
        throw new IllegalStateException("more than " + most + " objects lead to it");
      }
      size++;
      if (size * 3L > keys.length * 2L) {
        grow();
        at = slot(keys, key);
      }
      keys[at] = key;
    }
    values[at] = value;
  }

  int size() {
    return size;
  }

  /** All keys, in no order. */
  long[] keys() {
    return Arrays.stream(keys).filter(each -> each != 0).toArray();
  }

  private void grow() {
    long[] wider = new long[keys.length * 2];
    long[] moved = new long[keys.length * 2];
    for (int each = 0; each < keys.length; each++) {
      if (keys[each] != 0) {
        int at = slot(wider, keys[each]);
        wider[at] = keys[each];
        moved[at] = values[each];
      }
    }
    keys = wider;
    values = moved;
  }

  private static int slot(long[] keys, long key) {
    int mask = keys.length - 1;
    int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }
}

package dev.tenon.proxy.http;

import java.util.Arrays;

/** Bytes being put together. One for each loop, used again and again; not thread-safe. */
public final class Bytes {
  private static final int KEPT = 64 * 1024;
  private byte[] array = new byte[4096];
  private int size;

  /** The bytes; valid up to {@link #size()} until the next change. */
  public byte[] array() {
    return array;
  }

  public int size() {
    return size;
  }

  /** Forgets everything, and the memory of an unusually large message too. */
  public Bytes clear() {
    size = 0;
    if (array.length > KEPT) {
      array = new byte[4096];
    }
    return this;
  }

  /** Takes back what was put after a mark. */
  public void truncate(int mark) {
    size = mark;
  }

  public Bytes put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  public Bytes put(byte[] bytes, int from, int length) {
    room(length);
    System.arraycopy(bytes, from, array, size, length);
    size += length;
    return this;
  }

  public Bytes put(int octet) {
    room(1);
    array[size++] = (byte) octet;
    return this;
  }

  /** Puts Latin-1 text. */
  @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is what copies Latin-1 without garbage
  public Bytes put(String text) {
    int length = text.length();
    room(length);
    text.getBytes(0, length, array, size);
    size += length;
    return this;
  }

  /** Puts a number that is not negative, in decimal. */
  public Bytes putNumber(long number) {
    room(20);
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int at = size + digits;
    long rest = number;
    do {
      array[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    size += digits;
    return this;
  }

  /** Puts the lowest digits of a number, with leading zeros. */
  public Bytes putPadded(int number, int digits) {
    room(digits);
    int rest = number;
    for (int at = size + digits - 1; at >= size; at--) {
      array[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** Puts a number in hexadecimal. */
  public Bytes putHex(long number) {
    int shift = Math.max(0, (63 - Long.numberOfLeadingZeros(number)) / 4 * 4);
    for (; shift >= 0; shift -= 4) {
      put(Character.forDigit((int) (number >>> shift & 0xf), 16));
    }
    return this;
  }

  /** Puts the end of a line. */
  public Bytes line() {
    return put('\r').put('\n');
  }

  /** Makes room for more bytes, which the caller then writes to {@link #array()} itself. */
  public void room(int more) {
    if (size + more > array.length) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, size + more));
    }
  }
}

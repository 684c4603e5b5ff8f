package dev.tenon.proxy.http;

import java.nio.charset.StandardCharsets;

/** Classes of octets (RFC 9110 section 5.6, RFC 9112 section 2), and comparisons without garbage. */
public final class Octets {
  /** May stand in a token. */
  static final int TOKEN = 1;

  /** May stand in a field value: visible, space, tab, obs-text. */
  static final int VALUE = 2;

  /** May stand in a request target: visible ASCII except {@code #}. */
  static final int TARGET = 4;

  /** May stand in an authority: what RFC 3986 allows, user information left out. */
  static final int AUTHORITY = 8;

  /** A token character that some backends take for a hyphen. */
  static final int ALIAS = 16;

  /** Needs a look before a path may be used as it is. */
  static final int PATH_CARE = 32;

  private static final byte[] CLASSES = classes();

  private Octets() {}

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int octet = 0x20; octet < 256; octet++) {
      classes[octet] = (byte) (octet == 0x7f ? 0 : VALUE);
    }
    classes['\t'] = VALUE;
    for (int octet = 0x21; octet < 0x7f; octet++) {
      classes[octet] = (byte) (classes[octet] | (octet == '#' ? 0 : TARGET));
    }
    String alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    mark(classes, alphanumeric + "!#$%&'*+-.^_`|~", TOKEN);
    mark(classes, alphanumeric + "-._~:[]%!$&'()*+,;=", AUTHORITY);
    mark(classes, "_.", ALIAS);
    mark(classes, "%\\", PATH_CARE);
    return classes;
  }

  private static void mark(byte[] classes, String octets, int bit) {
    for (byte octet : octets.getBytes(StandardCharsets.US_ASCII)) {
      classes[octet] = (byte) (classes[octet] | bit);
    }
  }

  /** The classes that an octet belongs to, as bits. */
  static int of(byte octet) {
    return CLASSES[octet & 0xff];
  }

  /** Whether an octet begs for care in a path: {@code %} or a backslash. */
  public static boolean pathCare(byte octet) {
    return (CLASSES[octet & 0xff] & PATH_CARE) != 0;
  }

  /** An ASCII letter in lower case, anything else as it is. */
  public static int lower(int octet) {
    return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
  }

  /** Whether a range spells a text that is in lower case, without regard to the range's case. */
  public static boolean equalsLower(byte[] bytes, int from, int to, String lower) {
    if (to - from != lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      if (lower(bytes[from + i]) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a range begins with a text that is in lower case, without regard to the range's case. */
  public static boolean startsLower(byte[] bytes, int from, int to, String lower) {
    return to - from >= lower.length() && equalsLower(bytes, from, from + lower.length(), lower);
  }

  /** Whether a range spells a Latin-1 text. */
  public static boolean equals(byte[] bytes, int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((bytes[from + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a text is a token, as names of header fields are. */
  public static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f || (of((byte) text.charAt(i)) & TOKEN) == 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** A range as Latin-1 text. */
  public static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** The value of a hexadecimal digit, or -1. */
  public static int hex(int octet) {
    if (octet >= '0' && octet <= '9') {
      return octet - '0';
    }
    int letter = octet | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }
}

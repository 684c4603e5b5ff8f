package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Octets;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads parameters of a query; names and values are percent-decoded. */
final class Queries {
  private Queries() {}

  /** The first value of a name, or null. The range begins with the question mark, or is empty. */
  static @Nullable String first(byte[] bytes, int from, int to, String name) {
    int at = from + 1;
    while (at <= to && from < to) {
      int end = at;
      int equals = -1;
      while (end < to && bytes[end] != '&') {
        if (bytes[end] == '=' && equals < 0) {
          equals = end;
        }
        end++;
      }
      int nameEnd = equals < 0 ? end : equals;
      if (decoded(bytes, at, nameEnd).equals(name)) {
        return equals < 0 ? "" : decoded(bytes, equals + 1, end);
      }
      at = end + 1;
    }
    return null;
  }

  /** Every parameter; of several with one name the first. */
  static Map<String, String> all(byte[] bytes, int from, int to) {
    Map<String, String> all = new LinkedHashMap<>();
    int at = from + 1;
    while (at <= to && from < to) {
      int end = at;
      int equals = -1;
      while (end < to && bytes[end] != '&') {
        if (bytes[end] == '=' && equals < 0) {
          equals = end;
        }
        end++;
      }
      if (end > at) {
        String name = decoded(bytes, at, equals < 0 ? end : equals);
        all.putIfAbsent(name, equals < 0 ? "" : decoded(bytes, equals + 1, end));
      }
      at = end + 1;
    }
    return all;
  }

  private static String decoded(byte[] bytes, int from, int to) {
    byte[] out = new byte[Math.max(0, to - from)];
    int size = 0;
    for (int i = from; i < to; i++) {
      int high = bytes[i] == '%' && i + 2 < to ? Octets.hex(bytes[i + 1]) : -1;
      int low = high >= 0 ? Octets.hex(bytes[i + 2]) : -1;
      if (low >= 0) {
        out[size++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[size++] = bytes[i];
      }
    }
    return new String(out, 0, size, StandardCharsets.UTF_8);
  }
}

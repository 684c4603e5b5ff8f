package dev.tenon.mixer.answer;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the target of a request: its path, and the parameters of its query, percent-decoded; of several of one name the first. */
final class Target {
  private static final int HEX = 16;

  private Target() {}

  static @Nullable String path(@Nullable String target) {
    int query = target == null ? -1 : target.indexOf('?');
    return target == null || query < 0 ? target : target.substring(0, query);
  }

  static Map<String, String> parameters(@Nullable String target) {
    int query = target == null ? -1 : target.indexOf('?');
    if (target == null || query < 0) {
      return Map.of();
    }
    Map<String, String> all = new LinkedHashMap<>();
    for (String pair : target.substring(query + 1).split("&")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        all.putIfAbsent(decoded(equals < 0 ? pair : pair.substring(0, equals)), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return all;
  }

  /** What is no percent-encoding stays as it is. */
  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int size = 0;
    for (int i = 0; i < in.length; i++) {
      int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], HEX) : -1;
      int low = high >= 0 ? Character.digit(in[i + 2], HEX) : -1;
      if (low >= 0) {
        out[size++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[size++] = in[i];
      }
    }
    return new String(out, 0, size, StandardCharsets.UTF_8);
  }
}

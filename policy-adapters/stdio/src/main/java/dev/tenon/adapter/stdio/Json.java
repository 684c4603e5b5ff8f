package dev.tenon.adapter.stdio;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values as JSON on one line. */
final class Json {
  private Json() {}

  static void value(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case Long number -> out.append(number);
      case Boolean truth -> out.append(truth);
      case Double number when Double.isFinite(number) -> out.append(number);
      case Map<?, ?> map -> {
        out.append('{');
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, each) -> sorted.put(String.valueOf(key), each));
        String before = "";
        for (Map.Entry<String, Object> each : sorted.entrySet()) {
          out.append(before);
          text(out, each.getKey());
          out.append(':');
          value(out, each.getValue());
          before = ",";
        }
        out.append('}');
      }
      default -> text(out, plain(value));
    }
  }

  /** A value as text. */
  static String plain(Object value) {
    return switch (value) {
      case InetAddress address -> address.getHostAddress();
      case Duration duration -> duration.toNanos() / 1e6 + "ms";
      case Instant instant -> instant.toString();
      default -> value.toString();
    };
  }

  static void text(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == '\u2028' || c == '\u2029' || Character.isISOControl(c)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}

package dev.tenon.cli.policy;

import dev.tenon.cli.client.Refused;
import dev.tenon.spi.config.Durations;
import dev.tenon.spi.config.Node;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Attribute values as a file writes them: text and truths as they are, everything else as a mapping of
 * one entry that names its type ({@code int64}, {@code double}, {@code duration}, {@code timestamp},
 * {@code ip}, {@code map_string}). A bare whole number is an int64.
 */
final class Written {
  private Written() {}

  /** All values of a mapping. */
  static Map<String, Object> values(Node.Mapping mapping) {
    Map<String, Object> values = new LinkedHashMap<>();
    mapping.entries().forEach((name, node) -> values.put(name, value(node)));
    return values;
  }

  /** The value that a node means, of a class as in {@link dev.tenon.spi.policy.Instance#values()}. */
  static Object value(Node node) {
    return switch (node) {
      case Node.Text text -> text.value();
      case Node.Truth truth -> truth.value();
      case Node.Numeric number when number.value() == Math.rint(number.value()) -> (long) number.value();
      case Node.Numeric number -> number.value();
      case Node.Mapping mapping when mapping.entries().size() == 1 -> typed(mapping);
      default -> throw unknown(node);
    };
  }

  private static Object typed(Node.Mapping mapping) {
    Map.Entry<String, Node> only = mapping.entries().firstEntry();
    if (only.getKey().equals("map_string") && only.getValue() instanceof Node.Mapping entries) {
      Map<String, String> map = new LinkedHashMap<>();
      entries.entries().forEach((key, value) -> map.put(key, text(value)));
      return map;
    }
    String text = text(only.getValue());
    try {
      return switch (only.getKey()) {
        case "string" -> text;
        case "bool" -> Boolean.valueOf(text);
        case "int64" -> Long.valueOf(text);
        case "double" -> Double.valueOf(text);
        case "duration" -> duration(text, mapping);
        case "timestamp" -> Instant.parse(text);
        case "ip" -> InetAddress.ofLiteral(text);
        default -> throw unknown(mapping);
      };
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new Refused(only.getValue().at() + ": \"" + text + "\" is no " + only.getKey());
    }
  }

  private static Duration duration(String text, Node at) {
    boolean negative = text.startsWith("-");
    Duration length = Durations.parse(negative ? text.substring(1) : text).orElseThrow(() -> unknown(at));
    return negative ? length.negated() : length;
  }

  private static String text(Node node) {
    return switch (node) {
      case Node.Text text -> text.value();
      case Node.Truth truth -> String.valueOf(truth.value());
      case Node.Numeric number when number.value() == Math.rint(number.value()) -> String.valueOf((long) number.value());
      case Node.Numeric number -> String.valueOf(number.value());
      default -> throw unknown(node);
    };
  }

  private static Refused unknown(Node node) {
    return new Refused(node.at() + ": is no value; write text, true, false, or a type and its text, like {int64: \"20\"}");
  }

  /** The form in which a file would write a value. */
  static Object form(Object value) {
    return switch (value) {
      case Long number -> Map.of("int64", number.toString());
      case Double number -> Map.of("double", number.toString());
      case Duration length -> Map.of("duration", go(length));
      case Instant moment -> Map.of("timestamp", moment.toString());
      case InetAddress address -> Map.of("ip", address.getHostAddress());
      case Map<?, ?> map -> Map.of("map_string", map);
      default -> value;
    };
  }

  /** As Go prints it: {@code 1h2m3.5s}, {@code 20ms}. */
  private static String go(Duration length) {
    if (length.isNegative()) {
      return "-" + go(length.negated());
    }
    long nanos = length.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return plain(nanos / 1e3) + "µs";
    }
    if (nanos < 1_000_000_000) {
      return plain(nanos / 1e6) + "ms";
    }
    long hours = length.toHours();
    String minutes = length.toMinutes() == 0 ? "" : length.toMinutesPart() + "m";
    return (hours == 0 ? "" : hours + "h") + minutes + plain(length.toSecondsPart() + length.toNanosPart() / 1e9) + "s";
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}

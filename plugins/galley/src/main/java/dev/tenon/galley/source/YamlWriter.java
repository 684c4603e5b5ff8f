package dev.tenon.galley.source;

import dev.tenon.spi.config.Node;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes nodes as YAML 1.2 in block style; reading it gives an equal node. */
public final class YamlWriter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][-A-Za-z0-9_./]*");

  /** Words that some reader or other takes for something else. */
  private static final Set<String> RESERVED =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private static final int LONGEST_SIMPLE_KEY = 900;

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  /** One document, ending in a line break. */
  public static String write(Node node) {
    YamlWriter writer = new YamlWriter();
    writer.block(node, 0, false);
    return writer.out.toString();
  }

  /**
   * @param indent of the lines that follow
   * @param inline whether the first line goes on where the writer stands
   */
  private void block(Node node, int indent, boolean inline) {
    switch (node) {
      case Node.Mapping mapping when !mapping.entries().isEmpty() -> mapping(mapping, indent, inline);
      case Node.Items items when !items.items().isEmpty() -> items(items, indent, inline);
      default -> out.append(scalar(node)).append('\n');
    }
  }

  private void mapping(Node.Mapping mapping, int indent, boolean inline) {
    Iterator<Map.Entry<String, Node>> entries = mapping.entries().entrySet().iterator();
    for (boolean first = true; entries.hasNext(); first = false) {
      Map.Entry<String, Node> entry = entries.next();
      if (!(first && inline)) {
        indent(indent);
      }
      if (entry.getKey().length() > LONGEST_SIMPLE_KEY) {
        out.append("? ").append(text(entry.getKey())).append('\n');
        indent(indent);
        out.append(':');
      } else {
        out.append(text(entry.getKey())).append(':');
      }
      value(entry.getValue(), indent);
    }
  }

  private void value(Node node, int indent) {
    if (isScalar(node)) {
      out.append(' ').append(scalar(node)).append('\n');
    } else {
      out.append('\n');
      block(node, indent + 2, false);
    }
  }

  private void items(Node.Items items, int indent, boolean inline) {
    boolean first = true;
    for (Node item : items.items()) {
      if (!(first && inline)) {
        indent(indent);
      }
      first = false;
      out.append("- ");
      block(item, indent + 2, true);
    }
  }

  private static boolean isScalar(Node node) {
    return switch (node) {
      case Node.Mapping mapping -> mapping.entries().isEmpty();
      case Node.Items items -> items.items().isEmpty();
      default -> true;
    };
  }

  private static String scalar(Node node) {
    return switch (node) {
      case Node.Text text -> text(text.value());
      case Node.Numeric number -> number(number.value());
      case Node.Truth truth -> String.valueOf(truth.value());
      case Node.Null ignored -> "null";
      case Node.Items ignored -> "[]";
      case Node.Mapping ignored -> "{}";
    };
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return ".nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? ".inf" : "-.inf";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53 && Double.compare(value, -0.0) != 0;
    return whole ? String.valueOf((long) value) : String.valueOf(value);
  }

  private static String text(String value) {
    if (PLAIN.matcher(value).matches() && !RESERVED.contains(value.toLowerCase(Locale.ROOT))) {
      return value;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '\r' -> quoted.append("\\r");
        default -> {
          if (c < ' ' || c >= 0x7f) {
            quoted.append(escaped(c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private static String escaped(char c) {
    boolean readable = Character.isLetterOrDigit(c) && !Character.isSurrogate(c);
    return readable ? String.valueOf(c) : String.format("\\u%04X", (int) c);
  }

  private void indent(int spaces) {
    out.repeat(' ', spaces);
  }
}

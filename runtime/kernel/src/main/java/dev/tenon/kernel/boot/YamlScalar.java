package dev.tenon.kernel.boot;

import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** What a scalar means in YAML 1.2's core schema (section 10.3.2 of the specification). */
final class YamlScalar {
  static final String CORE = "tag:yaml.org,2002:";
  private static final int LONGEST_NUMBER = 64;
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]{1,18}");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]{1,13}");
  private static final Pattern INFINITY = Pattern.compile("[-+]?\\.(inf|Inf|INF)");
  private static final Pattern NO_NUMBER = Pattern.compile("\\.(nan|NaN|NAN)");

  private YamlScalar() {}

  static Node node(ScalarEvent event, Position at, List<Finding> findings) {
    String text = event.getValue();
    String tag = event.getTag().orElse("");
    if (tag.isEmpty()) {
      return event.isPlain() ? plain(text, at) : new Node.Text(text, at);
    }
    if (tag.equals("!") || tag.equals(CORE + "str")) {
      return new Node.Text(text, at);
    }
    Node node = plain(text, at);
    if (!fits(tag, node)) {
      findings.add(YamlText.finding(at, "\"" + text + "\" with the tag " + tag + " is not read; remove the tag"));
    }
    return node;
  }

  private static boolean fits(String tag, Node node) {
    return switch (node) {
      case Node.Null ignored -> tag.equals(CORE + "null");
      case Node.Truth ignored -> tag.equals(CORE + "bool");
      case Node.Numeric number ->
          tag.equals(CORE + "float") || (tag.equals(CORE + "int") && number.value() == Math.rint(number.value()));
      default -> false;
    };
  }

  private static Node plain(String text, Position at) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> new Node.Null(at);
      case "true", "True", "TRUE" -> new Node.Truth(true, at);
      case "false", "False", "FALSE" -> new Node.Truth(false, at);
      default -> number(text, at);
    };
  }

  private static Node number(String text, Position at) {
    char first = text.charAt(0);
    if (text.length() > LONGEST_NUMBER || (first > '9' || first < '+')) {
      return new Node.Text(text, at);
    }
    if (DECIMAL.matcher(text).matches()) {
      return new Node.Numeric(Double.parseDouble(text), at);
    }
    if (OCTAL.matcher(text).matches()) {
      return new Node.Numeric(Long.parseLong(text, 2, text.length(), 8), at);
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return new Node.Numeric(Long.parseLong(text, 2, text.length(), 16), at);
    }
    if (INFINITY.matcher(text).matches()) {
      return new Node.Numeric(first == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY, at);
    }
    return NO_NUMBER.matcher(text).matches() ? new Node.Numeric(Double.NaN, at) : new Node.Text(text, at);
  }
}

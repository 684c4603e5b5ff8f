package dev.tenon.adapter.statsd;

import java.net.InetAddress;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A metric of a handler's parameters.
 *
 * @param name with its prefix; dimensions stand in it as {@code {{.name}}}
 * @param tags of its own
 */
record Metric(Type type, String name, Map<String, String> tags) {
  private static final Pattern DIMENSION = Pattern.compile("\\{\\{ ?\\.([A-Za-z0-9_]{1,100}) ?}}");

  Metric {
    tags = Map.copyOf(tags);
  }

  /** Whether a template has nothing in it but text and dimensions. */
  static boolean usable(String template) {
    return !DIMENSION.matcher(template).replaceAll("").contains("{{");
  }

  /** The name with the dimensions of an instance. */
  String named(Map<?, ?> dimensions) {
    Matcher dimension = DIMENSION.matcher(name);
    String named =
        dimension.replaceAll(
            each -> Matcher.quoteReplacement(clean(dimensions.containsKey(each.group(1)) ? dimensions.get(each.group(1)) : "")));
    return clean(named);
  }

  /** Text that cannot end a name, a tag or a line. */
  static String clean(@Nullable Object value) {
    String text = value instanceof InetAddress address ? address.getHostAddress() : String.valueOf(value);
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      clean.append(c <= ' ' || c == ':' || c == '|' || c == '@' || c == '#' || c == ',' || c == 127 ? '_' : c);
    }
    return clean.toString();
  }
}

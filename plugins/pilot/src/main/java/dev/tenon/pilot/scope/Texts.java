package dev.tenon.pilot.scope;

import dev.tenon.spi.config.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be told of expressions without compiling them, always to the safe side: they may read less than is said here, and
 * never more.
 */
final class Texts {
  private static final Pattern HEADER = Pattern.compile("\\b(request|response)\\.headers(?:\\s*\\[\\s*([\"`])([^\"`\\\\]{1,256})\\2\\s*\\])?");
  private static final Pattern CONDITION = Pattern.compile("\\s*(destination\\.[A-Za-z.]+)(?:\\[\"([^\"]*)\"\\])?\\s*==\\s*\"([^\"]*)\"\\s*");

  /** What is known of the called side is never absent, so that the alternative says nothing. */
  private static final Pattern OR_EMPTY = Pattern.compile("\\((destination\\.[A-Za-z.]+)\\s*\\|\\s*\"\"\\)");

  private final List<String> all = new ArrayList<>();

  Texts add(String expression) {
    all.add(expression);
    return this;
  }

  Texts add(Node node) {
    switch (node) {
      case Node.Text text -> all.add(text.value());
      case Node.Mapping mapping -> mapping.entries().values().forEach(this::add);
      case Node.Items items -> items.items().forEach(this::add);
      default -> {}
    }
    return this;
  }

  /** Whether any may read an attribute whose name begins so. */
  boolean mention(String attribute) {
    return all.stream().anyMatch(each -> each.contains(attribute));
  }

  /** The headers that they name, in lower case. */
  Set<String> headers(String side) {
    Set<String> names = new TreeSet<>();
    for (String each : all) {
      Matcher matcher = HEADER.matcher(each);
      while (matcher.find()) {
        if (matcher.group(1).equals(side) && matcher.group(3) != null) {
          names.add(matcher.group(3).toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  /** Whether any may read headers that it does not name. */
  boolean readWholeHeads() {
    for (String each : all) {
      Matcher matcher = HEADER.matcher(each);
      while (matcher.find()) {
        if (matcher.group(3) == null) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether a match can never hold for requests to a called side: one of its conditions, all of which must hold, compares something known of
   * it with something else.
   */
  static boolean never(String text, Map<String, String> called) {
    String match = OR_EMPTY.matcher(text).replaceAll("$1");
    if (match.chars().anyMatch(c -> "|()\\`'".indexOf(c) >= 0)) {
      return false;
    }
    for (String condition : match.split("&&", -1)) {
      Matcher matcher = CONDITION.matcher(condition);
      if (matcher.matches()) {
        boolean labels = matcher.group(1).equals("destination.labels") && matcher.group(2) != null;
        String name = labels ? "destination.labels." + matcher.group(2) : matcher.group(1);
        String known = labels ? called.getOrDefault(name, "") : called.get(name);
        if (known != null && (labels || matcher.group(2) == null) && !known.equals(matcher.group(3))) {
          return true;
        }
      }
    }
    return false;
  }
}

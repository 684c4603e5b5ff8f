package dev.tenon.mixer.evaluate;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** DNS names: which texts are some, and which two are the same. */
final class DnsNames {
  private DnsNames() {}

  /** A DNS name in Unicode as it was written; a failure when it has an empty or a malformed label. */
  static Object dnsName(String text) {
    String problem = problem(text);
    if (problem != null) {
      return new Failure("\"" + text + "\" is no DNS name: " + problem);
    }
    return text.toLowerCase(Locale.ROOT).contains("xn--") ? IDN.toUnicode(text) : text;
  }

  private static @Nullable String problem(String text) {
    if (text.isEmpty()) {
      return "it is empty";
    }
    String[] labels = text.split("\\.", -1);
    for (int i = 0; i < labels.length; i++) {
      String label = labels[i];
      boolean afterLastDot = i > 0 && i == labels.length - 1;
      if (label.isEmpty() && !afterLastDot) {
        return "a label is empty";
      }
      if (label.startsWith("-") || label.endsWith("-")) {
        return "a label begins or ends with a hyphen";
      }
      if (label.startsWith("--", 2) && !label.regionMatches(true, 0, "xn", 0, 2)) {
        return "a label has hyphens in third and fourth place";
      }
    }
    return null;
  }

  /** Whether two DNS names are the same: by IDNA, one final dot ignored. */
  static Object same(Object first, Object second) {
    String one = canonical((String) first);
    String other = canonical((String) second);
    if (one == null || other == null) {
      return new Failure("\"" + (one == null ? first : second) + "\" is no DNS name");
    }
    return one.equals(other);
  }

  /** What a name is compared as; null when it is none. */
  static @Nullable String canonical(String name) {
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (bare.isEmpty()) {
      return bare;
    }
    try {
      return IDN.toASCII(bare, IDN.USE_STD3_ASCII_RULES | IDN.ALLOW_UNASSIGNED)
          .toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

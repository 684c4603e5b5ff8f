package dev.tenon.galley.decode;

/** Writes expressions of Mixer's language. */
public final class Cexl {
  /** The service that a request is for; empty when nobody knows. */
  static final String HOST = "(destination.service.host | \"\")";

  private Cexl() {}

  /** A literal. A text such as 10s is a duration in this language: compare that with {@link #regex}. */
  static String text(String value) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        literal.append('\\').append(c);
      } else if (c < ' ') {
        literal.append(String.format("\\x%02x", (int) c));
      } else {
        literal.append(c);
      }
    }
    return literal.append('"').toString();
  }

  /** Whether an expression's text is matched somewhere by an RE2 expression. */
  static String regex(String regex, String expression) {
    return text(regex) + ".matches(" + expression + ")";
  }

  /** An RE2 expression that matches just a text. */
  static String quoted(String value) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c > ' ' && c < 127 && !Character.isLetterOrDigit(c)) {
        regex.append('\\');
      }
      regex.append(c);
    }
    return regex.toString();
  }

  /** Both; an empty one always holds. */
  public static String and(String one, String other) {
    return one.isEmpty() || other.isEmpty() ? one + other : "(" + one + ") && (" + other + ")";
  }
}

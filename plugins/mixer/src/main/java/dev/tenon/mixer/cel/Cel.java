package dev.tenon.mixer.cel;

import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.parse.BadExpression;

/**
 * The mark of CEL: an expression that begins with {@code cel:}, which no expression of Mixer's language does. What follows is the Common
 * Expression Language (cel.dev) over the same attributes.
 */
public final class Cel {
  private static final String MARK = "cel:";

  private Cel() {}

  /** Whether an expression is to be read as CEL. */
  public static boolean marks(String text) {
    return text.startsWith(MARK, blanks(text));
  }

  private static int blanks(String text) {
    int at = 0;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /**
   * Compiles an expression that is {@link #marks marked}.
   *
   * @throws BadExpression when it does not parse, names what the vocabulary lacks, or its types do not fit
   */
  public static Typed compile(String text, Vocabulary vocabulary) throws BadExpression {
    int begin = blanks(text) + MARK.length();
    return Environment.of(vocabulary).compile(text, begin);
  }
}

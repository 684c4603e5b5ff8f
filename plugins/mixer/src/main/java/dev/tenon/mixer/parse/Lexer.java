package dev.tenon.mixer.parse;

import dev.tenon.mixer.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits an expression into tokens as Go's scanner does; line ends are blanks here. */
final class Lexer {
  private static final List<String> SIGNS =
      List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "|", "(", ")", "[", "]", ",", ".");

  private final String text;
  private int next;

  private Lexer(String text) {
    this.text = text;
  }

  /** All tokens; the last one is {@link Kind#END}. */
  static List<Token> tokens(String text) throws BadExpression {
    Lexer lexer = new Lexer(text);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.token();
      tokens.add(token);
    } while (token.kind() != Kind.END);
    return tokens;
  }

  private Token token() throws BadExpression {
    skipBlanks();
    int at = next;
    if (next == text.length()) {
      return new Token(Kind.END, "", at);
    }
    int c = text.codePointAt(next);
    if (Character.isLetter(c) || c == '_') {
      return new Token(Kind.NAME, name(), at);
    }
    if (isDigit(c) || (c == '.' && isDigit(following()))) {
      return number();
    }
    if (c == '"' || c == '\'' || c == '`') {
      GoText literal = GoText.read(text, next);
      next = literal.end();
      return new Token(Kind.TEXT, literal.value(), at);
    }
    for (String sign : SIGNS) {
      if (text.startsWith(sign, next)) {
        next += sign.length();
        return new Token(Kind.SIGN, sign, at);
      }
    }
    throw new BadExpression(unknown(c), at);
  }

  private static String unknown(int c) {
    return switch (c) {
      case '=' -> "\"=\" is no operator; compare with \"==\"";
      case '!' -> "there is no \"!\"; write \"== false\", or use \"!=\"";
      case '-', '*', '/', '%' ->
          "there is no \"" + Character.toString(c) + "\"; the only arithmetic is \"+\"";
      case '&' -> "\"&\" is no operator; write \"&&\"";
      case '?', ':' -> "there is no \"?:\"; write conditional(condition, yes, no)";
      default -> "unexpected character \"" + Character.toString(c) + "\"";
    };
  }

  private void skipBlanks() throws BadExpression {
    while (next < text.length()) {
      char c = text.charAt(next);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        next++;
      } else if (text.startsWith("//", next)) {
        int end = text.indexOf('\n', next);
        next = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", next)) {
        int end = text.indexOf("*/", next + 2);
        if (end < 0) {
          throw new BadExpression("the comment is not closed; end it with \"*/\"", next);
        }
        next = end + 2;
      } else {
        return;
      }
    }
  }

  private String name() {
    int start = next;
    while (next < text.length()) {
      int c = text.codePointAt(next);
      if (!Character.isLetterOrDigit(c) && c != '_') {
        break;
      }
      next += Character.charCount(c);
    }
    return text.substring(start, next);
  }

  private Token number() throws BadExpression {
    int at = next;
    boolean fraction = false;
    digits();
    if (next < text.length() && text.charAt(next) == '.') {
      fraction = true;
      next++;
      digits();
    }
    if (next < text.length() && (text.charAt(next) == 'e' || text.charAt(next) == 'E')) {
      fraction = true;
      next++;
      if (next < text.length() && (text.charAt(next) == '+' || text.charAt(next) == '-')) {
        next++;
      }
      digits();
    }
    if (next < text.length() && Character.isLetterOrDigit(text.codePointAt(next))) {
      throw new BadExpression(
          "\"" + text.substring(at, next + 1) + "\" is no number; write it in decimal", at);
    }
    return new Token(fraction ? Kind.FRACTION : Kind.WHOLE, text.substring(at, next), at);
  }

  private void digits() {
    while (next < text.length() && isDigit(text.charAt(next))) {
      next++;
    }
  }

  private char following() {
    return next + 1 < text.length() ? text.charAt(next + 1) : ' ';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}

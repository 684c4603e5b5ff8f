package dev.tenon.mixer.parse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A text literal of Go: {@code "…"} with escapes, raw between backquotes, or one character in single
 * quotes.
 *
 * @param value what it stands for
 * @param end the offset after its closing quote
 */
record GoText(String value, int end) {
  static GoText read(String text, int start) throws BadExpression {
    char quote = text.charAt(start);
    return quote == '`' ? raw(text, start) : new Reader(text, start).read(quote);
  }

  private static GoText raw(String text, int start) throws BadExpression {
    int end = text.indexOf('`', start + 1);
    if (end < 0) {
      throw new BadExpression("the text is not closed; end it with a backquote", start);
    }
    return new GoText(text.substring(start + 1, end).replace("\r", ""), end + 1);
  }

  /** Collects UTF-8, since {@code \xff} and {@code \377} are bytes. */
  private static final class Reader {
    private final String text;
    private final int start;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int next;

    Reader(String text, int start) {
      this.text = text;
      this.start = start;
      this.next = start + 1;
    }

    GoText read(char quote) throws BadExpression {
      int characters = 0;
      while (true) {
        if (next >= text.length() || text.charAt(next) == '\n') {
          throw new BadExpression("the text is not closed; end it with " + quote, start);
        }
        int c = text.codePointAt(next);
        if (c == quote) {
          break;
        }
        next += Character.charCount(c);
        if (c == '\\') {
          escape(quote);
        } else {
          bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        }
        characters++;
      }
      if (quote == '\'' && characters != 1) {
        throw new BadExpression("single quotes hold one character; use \"…\" for text", start);
      }
      return new GoText(bytes.toString(StandardCharsets.UTF_8), next + 1);
    }

    private void escape(char quote) throws BadExpression {
      int at = next - 1;
      char c = next < text.length() ? text.charAt(next++) : '\n';
      switch (c) {
        case 'a' -> bytes.write(0x07);
        case 'b' -> bytes.write('\b');
        case 'f' -> bytes.write('\f');
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case 't' -> bytes.write('\t');
        case 'v' -> bytes.write(0x0b);
        case '\\' -> bytes.write('\\');
        case 'x' -> bytes.write(code(2, 16, at));
        case 'u' -> point(code(4, 16, at), at);
        case 'U' -> point(code(8, 16, at), at);
        case '0', '1', '2', '3' -> {
          next--;
          bytes.write(code(3, 8, at));
        }
        default -> {
          if (c != quote) {
            throw new BadExpression(
                "unknown escape \"\\" + c + "\"; write a backslash as \"\\\\\"", at);
          }
          bytes.write(c);
        }
      }
    }

    private int code(int digits, int radix, int at) throws BadExpression {
      int end = next + digits;
      long value = 0;
      for (; next < end; next++) {
        int digit = next < text.length() ? Character.digit(text.charAt(next), radix) : -1;
        if (digit < 0) {
          throw new BadExpression("the escape needs " + digits + " digits", at);
        }
        value = value * radix + digit;
      }
      return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private void point(int code, int at) throws BadExpression {
      if (!Character.isValidCodePoint(code) || (code >= 0xd800 && code <= 0xdfff)) {
        throw new BadExpression("the escape is no Unicode character", at);
      }
      bytes.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
    }
  }
}

package dev.tenon.mixer.parse;

/**
 * A word of the language.
 *
 * @param text as written; for text literals without quotes, escapes resolved
 * @param at offset of its first character
 */
record Token(Kind kind, String text, int at) {
  enum Kind {
    NAME,
    WHOLE,
    FRACTION,
    TEXT,
    SIGN,
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** For messages. */
  String shown() {
    return kind == Kind.END ? "the end" : "\"" + text + "\"";
  }
}

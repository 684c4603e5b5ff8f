package dev.tenon.mixer.evaluate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions in RE2's syntax: matching takes time in proportion to the text. A pattern may
 * come from the request, so its length and the size of its program are bounded too.
 */
final class Patterns implements Operations.Join {
  /** The longest pattern, in characters. */
  static final int MAX_LENGTH = 1024;

  /** The largest program, in characters once repetitions are written out. */
  static final int MAX_SIZE = 4096;

  /** The pattern used last: mostly it is a constant. */
  private volatile @Nullable Pattern last;

  /** Whether the pattern, given first, occurs in the text. */
  @Override
  public Object of(Object pattern, Object text) {
    Pattern compiled = last;
    if (compiled == null || !compiled.pattern().equals(pattern)) {
      switch (compile((String) pattern)) {
        case Pattern fresh -> compiled = fresh;
        case Object failure -> {
          return failure;
        }
      }
      last = compiled;
    }
    return compiled.matcher((String) text).find();
  }

  /** A pattern, or a failure. */
  static Object compile(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      return new Failure("the regular expression is longer than " + MAX_LENGTH + " characters");
    }
    if (WrittenOut.length(pattern, MAX_SIZE) > MAX_SIZE) {
      return new Failure("the regular expression's repetitions make it too large");
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      return new Failure("bad regular expression: " + e.getMessage());
    }
  }
}

package dev.tenon.mixer.decide;

import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.spi.policy.Verdict;
import org.jspecify.annotations.Nullable;

/** How much a request is charged where the instance has an expression for it. */
final class Amounts {
  /** The field of the template quota. */
  static final String FIELD = "amount";

  /** For what is no amount: the rule decides. */
  static final Answer.Failed NONE =
      new Answer.Failed(Verdict.Code.INVALID_ARGUMENT, "what the request is to be charged is no whole number from 0 on");

  private static final int MOST_DIGITS = 18;

  private Amounts() {}

  /** A whole number, or one in digits; negative when it is neither. */
  static long of(@Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (!(value instanceof String text) || text.isEmpty() || text.length() > MOST_DIGITS) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  /** Neither is negative; at most the largest number. */
  static long times(long one, long other) {
    long high = Math.multiplyHigh(one, other);
    long low = one * other;
    return high != 0 || low < 0 ? Long.MAX_VALUE : low;
  }
}

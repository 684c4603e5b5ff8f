package dev.tenon.mixer.evaluate;

import dev.tenon.spi.policy.Attributes;
import java.time.Instant;

/** The nodes that compute: logic, comparison, sum. */
final class Operations {
  private Operations() {}

  /** {@code &&} or {@code ||}: stops at the first operand that decides. */
  static final class Logic extends Evaluator {
    private final Evaluator[] operands;
    private final Boolean decisive;

    /** An operand of value {@code decisive} ends it. */
    Logic(Evaluator[] operands, boolean decisive) {
      this.operands = operands;
      this.decisive = decisive;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object value = decisive;
      for (Evaluator operand : operands) {
        value = operand.evaluate(attributes);
        if (value instanceof Failure || decisive.equals(value)) {
          return value;
        }
      }
      return value;
    }
  }

  /** {@code ==} or {@code !=} with a constant on one side, for types whose values are equal by equals. */
  static final class EqualsConstant extends Evaluator {
    private final Evaluator operand;
    private final Object constant;
    private final boolean wanted;

    EqualsConstant(Evaluator operand, Object constant, boolean wanted) {
      this.operand = operand;
      this.constant = constant;
      this.wanted = wanted;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object value = operand.evaluate(attributes);
      return value instanceof Failure ? value : (Object) (constant.equals(value) == wanted);
    }
  }

  /** Two operands, and what becomes of their values. */
  static final class Binary extends Evaluator {
    private final Evaluator left;
    private final Evaluator right;
    private final Join join;

    Binary(Evaluator left, Evaluator right, Join join) {
      this.left = left;
      this.right = right;
      this.join = join;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object first = left.evaluate(attributes);
      if (first instanceof Failure) {
        return first;
      }
      Object second = right.evaluate(attributes);
      return second instanceof Failure ? second : join.of(first, second);
    }
  }

  /** What becomes of two values; a {@link Failure} when nothing does. */
  @FunctionalInterface
  interface Join {
    Object of(Object first, Object second);
  }

  static final class Sum extends Evaluator {
    private final Evaluator[] operands;

    Sum(Evaluator[] operands) {
      this.operands = operands;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object sum = operands[0].evaluate(attributes);
      for (int i = 1; i < operands.length && !(sum instanceof Failure); i++) {
        Object value = operands[i].evaluate(attributes);
        sum = value instanceof Failure ? value : add(sum, value);
      }
      return sum;
    }

    /** Whole numbers wrap around, as Go's do. */
    private static Object add(Object sum, Object value) {
      return switch (sum) {
        case Long whole -> whole + (Long) value;
        case Double number -> number + (Double) value;
        default -> ((String) sum).concat((String) value);
      };
    }
  }

  /** Negative, zero or positive, as Go compares: text by its UTF-8 bytes. NaN is handled by the caller. */
  static int compare(Object first, Object second) {
    return switch (first) {
      case Long whole -> whole.compareTo((Long) second);
      case Double number -> number < (Double) second ? -1 : number > (Double) second ? 1 : 0;
      case Instant instant -> instant.compareTo((Instant) second);
      default -> compareText((String) first, (String) second);
    };
  }

  /** UTF-16 order is that of UTF-8 but for surrogates, which stand for higher characters. */
  private static int compareText(String first, String second) {
    int end = Math.min(first.length(), second.length());
    for (int i = 0; i < end; i++) {
      char a = first.charAt(i);
      char b = second.charAt(i);
      if (a != b) {
        boolean highA = Character.isSurrogate(a);
        boolean highB = Character.isSurrogate(b);
        return highA == highB ? Character.compare(a, b) : highA ? 1 : -1;
      }
    }
    return Integer.compare(first.length(), second.length());
  }
}

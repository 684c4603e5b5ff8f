package dev.tenon.mixer.evaluate;

import dev.tenon.spi.policy.Attributes;

/** The nodes that call functions. A call is never absent: it gives a value or fails. */
final class Calls {
  private Calls() {}

  /** What all calls share: left of {@code |} their value counts. */
  abstract static class Call extends Evaluator {
    @Override
    Object attempt(Attributes attributes) {
      return evaluate(attributes);
    }
  }

  static final class Unary extends Call {
    private final Evaluator argument;
    private final java.util.function.Function<String, Object> function;

    Unary(Evaluator argument, java.util.function.Function<String, Object> function) {
      this.argument = argument;
      this.function = function;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object value = argument.evaluate(attributes);
      return value instanceof String text ? function.apply(text) : value;
    }
  }

  static final class Binary extends Call {
    private final Evaluator operation;

    Binary(Evaluator left, Evaluator right, Operations.Join join) {
      this.operation = new Operations.Binary(left, right, join);
    }

    @Override
    Object evaluate(Attributes attributes) {
      return operation.evaluate(attributes);
    }
  }

  /** {@code conditional}: evaluates one branch. */
  static final class Lazy extends Call {
    private final Evaluator condition;
    private final Evaluator yes;
    private final Evaluator no;

    Lazy(Evaluator condition, Evaluator yes, Evaluator no) {
      this.condition = condition;
      this.yes = yes;
      this.no = no;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object value = condition.evaluate(attributes);
      if (value instanceof Failure) {
        return value;
      }
      return ((Boolean) value ? yes : no).evaluate(attributes);
    }
  }

  /** {@code conditionalString}: evaluates both. */
  static final class Eager extends Call {
    private final Evaluator condition;
    private final Evaluator yes;
    private final Evaluator no;

    Eager(Evaluator condition, Evaluator yes, Evaluator no) {
      this.condition = condition;
      this.yes = yes;
      this.no = no;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object value = condition.evaluate(attributes);
      if (value instanceof Failure) {
        return value;
      }
      Object first = yes.evaluate(attributes);
      if (first instanceof Failure) {
        return first;
      }
      Object second = no.evaluate(attributes);
      return second instanceof Failure || !(Boolean) value ? second : first;
    }
  }

  /** {@code size}: computed left of {@code |}, and thrown away, like an operation. */
  static final class Size extends Evaluator {
    private final Evaluator argument;

    Size(Evaluator argument) {
      this.argument = argument;
    }

    @Override
    Object evaluate(Attributes attributes) {
      Object value = argument.evaluate(attributes);
      return value instanceof String text ? (Object) bytes(text) : value;
    }

    private static long bytes(String text) {
      long bytes = 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      }
      return bytes;
    }
  }
}

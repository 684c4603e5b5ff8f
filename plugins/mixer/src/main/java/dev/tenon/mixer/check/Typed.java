package dev.tenon.mixer.check;

import dev.tenon.mixer.parse.Operator;
import dev.tenon.spi.policy.Attributes;
import java.util.List;
import java.util.Set;

/** An expression whose names are known and whose types fit. Value equality: offsets are left out. */
public sealed interface Typed {
  /** What it evaluates to. */
  ValueType type();

  /** A value that is always the same. */
  record Constant(ValueType type, Object value) implements Typed {}

  /** An attribute. */
  record Attribute(ValueType type, String name) implements Typed {}

  /** {@code map[key]}. */
  record Entry(Typed map, Typed key) implements Typed {
    @Override
    public ValueType type() {
      return ValueType.STRING;
    }
  }

  /** An operation; its operands are all of one type. */
  record Operation(Operator operator, ValueType type, List<Typed> operands) implements Typed {
    public Operation {
      operands = List.copyOf(operands);
    }

    /** The type of every operand. */
    public ValueType operandType() {
      return operands.getFirst().type();
    }
  }

  /**
   * An expression of another language, whole.
   *
   * @param attributes what it may read
   */
  record Foreign(ValueType type, String text, Set<String> attributes, Formula formula) implements Typed {
    public Foreign {
      attributes = Set.copyOf(attributes);
    }
  }

  /** What another language made of an expression. Thread-safe. */
  @FunctionalInterface
  interface Formula {
    /**
     * The value, of the class that its type holds.
     *
     * @throws NoValue when these attributes give it none
     */
    Object evaluate(Attributes attributes) throws NoValue;
  }

  /** These attributes give an expression no value; the message is one line for an operator. */
  final class NoValue extends Exception {
    private static final long serialVersionUID = 1L;

    public NoValue(String message) {
      super(message, null, false, false);
    }
  }

  /** A call; a method's receiver is its first argument. */
  record Call(Function function, ValueType type, List<Typed> arguments) implements Typed {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}

package dev.tenon.mixer.check;

import dev.tenon.mixer.parse.Operator;
import java.util.List;

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

  /** A call; a method's receiver is its first argument. */
  record Call(Function function, ValueType type, List<Typed> arguments) implements Typed {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}

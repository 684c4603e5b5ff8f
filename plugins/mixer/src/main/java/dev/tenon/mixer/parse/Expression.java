package dev.tenon.mixer.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression as it was written. Every part knows its offset in the text. */
public sealed interface Expression {
  /** In characters from the beginning of the expression. */
  int at();

  /** A Boolean, Long, Double, String or {@link java.time.Duration}. */
  record Literal(Object value, int at) implements Expression {}

  /** An attribute, all its parts: {@code request.url_path}. */
  record Name(String name, int at) implements Expression {}

  /** {@code map[key]}. */
  record Index(Expression map, Expression key, int at) implements Expression {}

  /** Two operands or, where the operator chains, more. */
  record Operation(Operator operator, List<Expression> operands, int at) implements Expression {
    public Operation {
      operands = List.copyOf(operands);
    }
  }

  /** {@code function(arguments)} or {@code receiver.function(arguments)}. */
  record Call(
      String function, @Nullable Expression receiver, List<Expression> arguments, int at)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}

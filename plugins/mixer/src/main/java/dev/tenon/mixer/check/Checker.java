package dev.tenon.mixer.check;

import dev.tenon.mixer.check.Vocabulary.Seen;
import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.mixer.parse.Expression;
import dev.tenon.mixer.parse.Operator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks one expression against a vocabulary. */
public final class Checker {
  private final Vocabulary vocabulary;
  private final List<Doubt> doubts = new ArrayList<>();

  private Checker(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /**
   * A checked expression.
   *
   * @param doubts what its author can hardly have meant
   */
  public record Checked(Typed expression, List<Doubt> doubts) {
    public Checked {
      doubts = List.copyOf(doubts);
    }
  }

  /**
   * Checks an expression.
   *
   * @throws BadExpression for the first name that is unknown and the first type that does not fit
   */
  public static Checked check(Expression expression, Vocabulary vocabulary) throws BadExpression {
    Checker checker = new Checker(vocabulary);
    Typed typed = checker.typed(expression);
    return new Checked(typed, checker.doubts);
  }

  private Typed typed(Expression expression) throws BadExpression {
    return switch (expression) {
      case Expression.Literal literal -> new Typed.Constant(typeOf(literal.value()), literal.value());
      case Expression.Name name -> attribute(name, true);
      case Expression.Index index -> entry(index);
      case Expression.Operation operation -> operation(operation);
      case Expression.Call call -> call(call);
    };
  }

  private static ValueType typeOf(Object literal) {
    return switch (literal) {
      case Boolean ignored -> ValueType.BOOL;
      case Long ignored -> ValueType.INT64;
      case Double ignored -> ValueType.DOUBLE;
      case Duration ignored -> ValueType.DURATION;
      default -> ValueType.STRING;
    };
  }

  private Typed attribute(Expression.Name name, boolean needed) throws BadExpression {
    Optional<Vocabulary.Attribute> found = vocabulary.find(name.name());
    if (found.isEmpty()) {
      List<String> near = vocabulary.near(name.name());
      throw new BadExpression(
          "unknown attribute " + name.name()
              + (near.isEmpty() ? "; there is none like it, so remove it" : "; did you mean " + String.join(" or ", near) + "?"),
          name.at());
    }
    Seen seen = found.get().seen();
    if (needed && seen != Seen.CHECK) {
      doubts.add(
          new Doubt(
              "no check ever sees " + name.name()
                  + (seen == Seen.REPORT ? ": it is known only after the answer" : ""),
              name.at()));
    }
    return new Typed.Attribute(found.get().type(), name.name());
  }

  private Typed entry(Expression.Index index) throws BadExpression {
    Typed map = typed(index.map());
    require(map.type(), ValueType.STRING_MAP, "what stands before \"[\"", index.map());
    Typed key = typed(index.key());
    require(key.type(), ValueType.STRING, "a key", index.key());
    if (map instanceof Typed.Attribute attribute
        && attribute.name().equals("request.headers")
        && key instanceof Typed.Constant(ValueType type, String header)
        && type == ValueType.STRING
        && header.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
      doubts.add(
          new Doubt(
              "write the names of headers in lower case; Mixer found no \"" + header + "\"",
              index.key().at()));
    }
    return new Typed.Entry(map, key);
  }

  private Typed operation(Expression.Operation operation) throws BadExpression {
    Operator operator = operation.operator();
    List<Typed> operands = new ArrayList<>();
    for (Expression operand : operation.operands()) {
      boolean mayBeAbsent =
          operator == Operator.ELSE && operands.size() + 1 < operation.operands().size();
      Typed typed =
          mayBeAbsent && operand instanceof Expression.Name name
              ? attribute(name, false)
              : typed(operand);
      ValueType wanted = operands.isEmpty() ? typed.type() : operands.getFirst().type();
      if (operator == Operator.AND || operator == Operator.OR) {
        wanted = ValueType.BOOL;
      }
      require(typed.type(), wanted, "an operand of \"" + operator.text() + "\"", operand);
      operands.add(typed);
    }
    ValueType type = operands.getFirst().type();
    boolean defined =
        switch (operator) {
          case EQUAL, UNEQUAL -> type.comparable();
          case LESS, AT_MOST, GREATER, AT_LEAST -> type.ordered();
          case PLUS -> type.additive();
          case AND, OR, ELSE -> true;
        };
    if (!defined) {
      throw new BadExpression(
          "\"" + operator.text() + "\" is not defined for " + type, operation.at());
    }
    if (operator == Operator.ELSE) {
      doubtComputed(operation, operands);
    }
    boolean keepsType = operator == Operator.PLUS || operator == Operator.ELSE;
    return new Typed.Operation(operator, keepsType ? type : ValueType.BOOL, operands);
  }

  /** Mixer computes an operation left of {@code |}, and then goes on to the right all the same. */
  private void doubtComputed(Expression.Operation operation, List<Typed> operands) {
    for (int i = 0; i + 1 < operands.size(); i++) {
      boolean discarded =
          switch (operands.get(i)) {
            case Typed.Operation inner -> inner.operator() != Operator.ELSE;
            case Typed.Call call -> call.function() == Function.SIZE;
            default -> false;
          };
      if (discarded) {
        doubts.add(
            new Doubt(
                "what is computed left of \"|\" is thrown away; put \"|\" next to an attribute, as in"
                    + " (a | \"\") == \"x\"",
                operation.operands().get(i).at()));
      }
    }
  }

  private Typed call(Expression.Call call) throws BadExpression {
    Function function = function(call);
    List<Typed> arguments = new ArrayList<>();
    Expression receiver = call.receiver();
    if (receiver != null && function.receiver() != null) {
      Typed typed = typed(receiver);
      require(
          typed.type(), function.receiver(), "what stands before ." + call.function(), receiver);
      arguments.add(typed);
    }
    int wanted = function.parameters().size();
    if (call.arguments().size() < wanted) {
      throw new BadExpression(
          call.function() + " takes " + wanted + " argument" + (wanted == 1 ? "" : "s") + ", not "
              + call.arguments().size(),
          call.at());
    }
    ValueType decided = null;
    for (int i = 0; i < wanted; i++) {
      Expression argument = call.arguments().get(i);
      Typed typed = typed(argument);
      ValueType parameter = function.parameters().get(i).orElse(null);
      if (parameter == null) {
        decided = decided == null ? typed.type() : decided;
        parameter = decided;
      }
      require(
          typed.type(), parameter, "argument " + (i + 1) + " of " + call.function(), argument);
      arguments.add(typed);
    }
    doubtRegex(function, arguments, call);
    ValueType result = function.result() == null ? decided : function.result();
    return new Typed.Call(function, Objects.requireNonNull(result), arguments);
  }

  private static Function function(Expression.Call call) throws BadExpression {
    Function function =
        Function.named(call.function())
            .orElseThrow(
                () ->
                    new BadExpression(
                        "unknown function " + call.function() + nearest(call.function()),
                        call.at()));
    if (function.receiver() != null && call.receiver() == null) {
      throw new BadExpression(
          call.function() + " is a method; write text." + call.function() + "(…)", call.at());
    }
    if (function.receiver() == null && call.receiver() != null) {
      throw new BadExpression(
          call.function() + " is no method; write " + call.function() + "(…)", call.at());
    }
    return function;
  }

  private static String nearest(String name) {
    for (Function function : Function.values()) {
      if (Spelling.distance(name, function.written()) <= 2) {
        return "; did you mean " + function.written() + "?";
      }
    }
    return "; there are " + Arrays.stream(Function.values()).map(Function::written).collect(Collectors.joining(", "));
  }

  private void doubtRegex(Function function, List<Typed> arguments, Expression.Call call) {
    if (function == Function.MATCHES
        && !(arguments.get(0) instanceof Typed.Constant)
        && arguments.get(1) instanceof Typed.Constant) {
      doubts.add(
          new Doubt(
              "the regular expression stands before .matches, the text to look at in its"
                  + " parentheses; this is the other way round",
              call.at()));
    }
  }

  private static void require(
      ValueType type, @Nullable ValueType wanted, String what, Expression where)
      throws BadExpression {
    if (type != wanted) {
      throw new BadExpression(what + " should be " + wanted + ", not " + type, where.at());
    }
  }
}

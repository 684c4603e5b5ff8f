package dev.tenon.mixer.parse;

import dev.tenon.mixer.parse.Expression.Call;
import dev.tenon.mixer.parse.Expression.Index;
import dev.tenon.mixer.parse.Expression.Literal;
import dev.tenon.mixer.parse.Expression.Name;
import dev.tenon.mixer.parse.Expression.Operation;
import dev.tenon.mixer.parse.Token.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses an expression. Go's syntax cut down to what Mixer knew: literals, attributes, {@code m[k]},
 * calls, methods on an attribute, a literal, a call or something in parentheses, and the {@link
 * Operator}s.
 */
public final class Parser {
  /** The longest expression, in characters. */
  public static final int MAX_LENGTH = 8192;

  /** How deep parts may lie within parts. */
  public static final int MAX_DEPTH = 64;

  private final List<Token> tokens;
  private int next;
  private int depth;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * Parses a whole text.
   *
   * @throws BadExpression when it is no expression, too long or too deep
   */
  public static Expression parse(String text) throws BadExpression {
    if (text.length() > MAX_LENGTH) {
      throw new BadExpression(
          "the expression is " + text.length() + " characters long; the most is " + MAX_LENGTH, 0);
    }
    Parser parser = new Parser(Lexer.tokens(text));
    if (parser.peek().kind() == Kind.END) {
      throw new BadExpression("the expression is empty", 0);
    }
    Expression result = parser.operation(1);
    Token rest = parser.peek();
    if (rest.kind() != Kind.END) {
      throw new BadExpression("expected an operator or the end, not " + rest.shown(), rest.at());
    }
    return result;
  }

  private Expression operation(int least) throws BadExpression {
    deeper();
    Expression left = postfix();
    int nested = 0;
    Operator operator = operator();
    while (operator != null && operator.precedence() >= least) {
      Token sign = take();
      Expression right = operation(operator.precedence() + 1);
      if (operator.chains() && left instanceof Operation chain && chain.operator() == operator
          && nested > 0) {
        left = extended(chain, right);
      } else {
        left = new Operation(operator, List.of(left, right), sign.at());
        if (++nested > MAX_DEPTH) {
          throw tooDeep(sign);
        }
      }
      operator = operator();
    }
    depth--;
    return left;
  }

  private static Operation extended(Operation chain, Expression right) {
    List<Expression> operands = new ArrayList<>(chain.operands());
    operands.add(right);
    return new Operation(chain.operator(), operands, chain.at());
  }

  private @Nullable Operator operator() {
    Token token = peek();
    for (Operator operator : Operator.values()) {
      if (token.is(operator.text())) {
        return operator;
      }
    }
    return null;
  }

  /** An operand with all that is written behind it. */
  private Expression postfix() throws BadExpression {
    Expression left = operand();
    int nested = 0;
    while (true) {
      Token token = peek();
      if (token.is("[")) {
        take();
        left = new Index(left, operation(1), token.at());
        expect("]");
      } else if (token.is(".")) {
        take();
        if (left instanceof Index && nested > 0) {
          throw new BadExpression(
              "a method cannot follow m[k] directly; write (m[k]).method(…)", token.at());
        }
        left = method(left);
      } else if (token.is("(")) {
        throw new BadExpression("only a function can be called", token.at());
      } else {
        return left;
      }
      if (++nested > MAX_DEPTH) {
        throw tooDeep(token);
      }
    }
  }

  private Expression method(Expression receiver) throws BadExpression {
    Token name = take();
    if (name.kind() != Kind.NAME || !peek().is("(")) {
      throw new BadExpression("expected a method and its arguments after \".\"", name.at());
    }
    return new Call(name.text(), receiver, arguments(), name.at());
  }

  private Expression operand() throws BadExpression {
    Token token = take();
    return switch (token.kind()) {
      case NAME -> named(token);
      case WHOLE -> whole(token);
      case FRACTION -> fraction(token);
      case TEXT -> text(token);
      case SIGN -> {
        if (!token.is("(")) {
          throw new BadExpression("expected a value, not " + token.shown(), token.at());
        }
        Expression inner = operation(1);
        expect(")");
        yield inner;
      }
      case END -> throw new BadExpression("expected a value, not the end", token.at());
    };
  }

  /** {@code true}, an attribute, a function's call, or a method's call on an attribute. */
  private Expression named(Token first) throws BadExpression {
    List<Token> parts = new ArrayList<>(List.of(first));
    while (peek().is(".")) {
      take();
      Token part = take();
      if (part.kind() != Kind.NAME) {
        throw new BadExpression("expected a name after \".\", not " + part.shown(), part.at());
      }
      parts.add(part);
    }
    if (peek().is("(")) {
      Token function = parts.removeLast();
      Expression receiver = parts.isEmpty() ? null : new Name(joined(parts), first.at());
      return new Call(function.text(), receiver, arguments(), function.at());
    }
    String truth = first.text().toLowerCase(Locale.ROOT);
    if (parts.size() == 1 && (truth.equals("true") || truth.equals("false"))) {
      return new Literal(truth.equals("true"), first.at());
    }
    return new Name(joined(parts), first.at());
  }

  private static String joined(List<Token> parts) {
    return String.join(".", parts.stream().map(Token::text).toList());
  }

  private List<Expression> arguments() throws BadExpression {
    expect("(");
    List<Expression> arguments = new ArrayList<>();
    while (!peek().is(")")) {
      arguments.add(operation(1));
      if (!peek().is(",")) {
        break;
      }
      take();
    }
    expect(")");
    return arguments;
  }

  private static Literal whole(Token token) throws BadExpression {
    try {
      return new Literal(Long.parseLong(token.text()), token.at());
    } catch (NumberFormatException e) {
      throw new BadExpression(token.shown() + " does not fit into 64 bits", token.at());
    }
  }

  private static Literal fraction(Token token) throws BadExpression {
    try {
      double value = Double.parseDouble(token.text());
      if (Double.isInfinite(value)) {
        throw new BadExpression(token.shown() + " does not fit into 64 bits", token.at());
      }
      return new Literal(value, token.at());
    } catch (NumberFormatException e) {
      throw new BadExpression(token.shown() + " is no number", token.at());
    }
  }

  /** Text that Go reads as a duration is one, {@code "0"} and {@code "-1h"} among them. */
  private static Literal text(Token token) {
    Optional<Duration> duration = GoDurations.parse(token.text());
    return new Literal(duration.isPresent() ? duration.get() : token.text(), token.at());
  }

  private void deeper() throws BadExpression {
    if (++depth > MAX_DEPTH) {
      throw tooDeep(peek());
    }
  }

  private static BadExpression tooDeep(Token at) {
    return new BadExpression("the expression is nested deeper than " + MAX_DEPTH, at.at());
  }

  private void expect(String sign) throws BadExpression {
    Token token = take();
    if (!token.is(sign)) {
      throw new BadExpression("expected \"" + sign + "\", not " + token.shown(), token.at());
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }
}

package dev.tenon.mixer.parse;

/** What can stand between two operands, with Go's precedence: a higher one binds tighter. */
public enum Operator {
  OR("||", 1),
  AND("&&", 2),
  EQUAL("==", 3),
  UNEQUAL("!=", 3),
  LESS("<", 3),
  AT_MOST("<=", 3),
  GREATER(">", 3),
  AT_LEAST(">=", 3),
  PLUS("+", 4),
  /** {@code a | b}: b where a is absent. */
  ELSE("|", 4);

  private final String text;
  private final int precedence;

  Operator(String text, int precedence) {
    this.text = text;
    this.precedence = precedence;
  }

  /** As it is written. */
  public String text() {
    return text;
  }

  int precedence() {
    return precedence;
  }

  /** Whether {@code a op b op c} is one operation of three operands. */
  boolean chains() {
    return switch (this) {
      case OR, AND, PLUS, ELSE -> true;
      default -> false;
    };
  }
}

package dev.tenon.mixer.parse;

/** An expression that cannot be used, and where in its text the trouble is. */
public final class BadExpression extends Exception {
  private static final long serialVersionUID = 1L;
  private final int offset;

  /**
   * @param offset in characters from the beginning of the expression
   */
  public BadExpression(String message, int offset) {
    super(message);
    this.offset = offset;
  }

  /** Where, in characters from the beginning of the expression. */
  public int offset() {
    return offset;
  }
}

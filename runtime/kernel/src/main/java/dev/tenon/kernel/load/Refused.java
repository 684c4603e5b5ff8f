package dev.tenon.kernel.load;

/** A jar or a module cannot be used. The message is one line for an operator: what, where, what to do. */
public class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  public Refused(String message) {
    super(message);
  }

  public Refused(String message, Throwable cause) {
    super(message, cause);
  }
}

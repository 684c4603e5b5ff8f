package dev.tenon.kernel.load;

/** A jar that may be in order, but is not to run here: nobody who is trusted has signed it. */
public final class Untrusted extends Refused {
  private static final long serialVersionUID = 1L;

  public Untrusted(String message) {
    super(message);
  }
}

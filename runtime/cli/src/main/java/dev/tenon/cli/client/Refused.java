package dev.tenon.cli.client;

/** A command could not be carried out; the message is for the operator. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Refused(String message) {
    super(message);
  }
}

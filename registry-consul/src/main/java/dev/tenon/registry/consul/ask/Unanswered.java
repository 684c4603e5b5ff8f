package dev.tenon.registry.consul.ask;

import java.io.IOException;

/** Consul gave no answer that can be used; the message is one line for an operator, without secrets. */
public final class Unanswered extends IOException {
  private static final long serialVersionUID = 1L;

  /** With its cause, which is not repeated to operators. */
  public Unanswered(String message, Throwable cause) {
    super(message, cause);
  }

  public Unanswered(String message) {
    super(message);
  }
}

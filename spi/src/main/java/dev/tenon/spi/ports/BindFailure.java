package dev.tenon.spi.ports;

import java.io.IOException;

/** An address could not be listened on. The message says which one, why, and who has it if known. */
public final class BindFailure extends IOException {
  private static final long serialVersionUID = 1L;

  public BindFailure(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.tenon.registry.vm.accept;

/** A beat that cannot be accepted. The message names the field and says what to do. */
public final class BadBeat extends Exception {
  private static final long serialVersionUID = 1L;

  BadBeat(String field, String message) {
    super(field + ": " + message, null, false, false);
  }
}

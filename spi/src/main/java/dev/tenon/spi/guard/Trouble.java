package dev.tenon.spi.guard;

/** Why there is no answer of a plug. */
public enum Trouble {
  /** It kept failing, or was ended on an event loop, and is not asked now. */
  LEFT_ALONE("kept failing and is left alone"),

  /** As many calls as it may have are under way, or the caller is closing. */
  BUSY("has too many calls under way"),

  /** It did not answer by the deadline. */
  LATE("gave no answer in time"),

  /** It threw. */
  FAILED("failed"),

  /** It answered null. */
  NO_ANSWER("gave no answer"),

  /** It held an event loop and was ended. */
  ENDED("held an event loop and was ended");

  private final String text;

  Trouble(String text) {
    this.text = text;
  }

  /** What is to be said after the plug's name; nothing of the plug's insides. */
  public String text() {
    return text;
  }
}

package dev.tenon.adapter.statsd;

/** What is done with values. */
enum Type {
  COUNTER("c"),
  GAUGE("g"),
  /** A duration is a time in milliseconds; a whole number is added up. */
  DISTRIBUTION("ms");

  private final String letter;

  Type(String letter) {
    this.letter = letter;
  }

  /** As it stands in a line. */
  String letter() {
    return letter;
  }
}

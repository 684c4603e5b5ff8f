package dev.tenon.adapter.stdio;

import java.util.Locale;

/** How much a line matters, the least first. */
enum Level {
  INFO,
  WARNING,
  ERROR;

  /** As it is written. */
  String text() {
    return this == WARNING ? "warn" : name().toLowerCase(Locale.ROOT);
  }
}

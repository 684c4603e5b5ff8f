package dev.tenon.adapter.listchecker;

import org.jspecify.annotations.Nullable;

/** An entry cannot be used, so the whole list is not. */
final class BadEntry extends Exception {
  private static final long serialVersionUID = 1;

  private final int index;

  BadEntry(int index, String message) {
    this(index, message, null);
  }

  BadEntry(int index, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.index = index;
  }

  /** Which one, from 0. */
  int index() {
    return index;
  }
}

package dev.tenon.adapter.listchecker;

import java.io.IOException;
import java.util.Optional;

/** Where a list comes from. Used by one thread. */
interface Provider extends AutoCloseable {
  /** The largest text that is taken, in octets. */
  int LARGEST = 64 << 20;

  /**
   * The list as it is now; empty when it is known to be what was given last.
   *
   * @throws IOException when it cannot be had
   */
  Optional<String> fetch() throws IOException, InterruptedException;

  @Override
  default void close() {}
}

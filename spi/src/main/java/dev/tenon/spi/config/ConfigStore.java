package dev.tenon.spi.config;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A source of configuration that can be written to, by {@code tenon apply --to NAME}. Offered as a
 * {@link ConfigSource}; what it takes is judged by galley before.
 */
public interface ConfigStore extends ConfigSource {
  /** What an operator calls it, a DNS label such as {@code consul}; one store of a name in a process. */
  String name();

  /**
   * Writes all of it, or nothing: each write only if the place still holds what the writer saw. When it
   * returns, {@link #listing} has said so. Called on a thread that may wait; at most some seconds.
   *
   * @throws Conflict when somebody else wrote meanwhile; nothing was written
   * @throws IOException when it cannot be written, with a message for an operator
   */
  void commit(List<Write> writes) throws IOException;

  /**
   * One text to be written.
   *
   * @param path as in {@link ConfigText}
   * @param before what is there as far as the writer knows; empty when nothing is
   * @param after what shall be there; empty to take it away
   */
  record Write(String path, Optional<String> before, Optional<String> after) {}

  /** Another writer was faster. */
  final class Conflict extends IOException {
    private static final long serialVersionUID = 1L;

    private final String path;

    /** One line for an operator, and the path of the text that somebody else changed. */
    public Conflict(String path, String message) {
      super(message);
      this.path = path;
    }

    /** As in {@link Write}. */
    public String path() {
      return path;
    }
  }
}

package dev.tenon.galley.decode;

import dev.tenon.spi.config.Finding;
import java.util.List;
import java.util.Optional;

/** What became of one document. */
public sealed interface Outcome {
  /** An object. */
  record Good(Decoded decoded) implements Outcome {}

  /**
   * No object.
   *
   * @param key which one it would have been, where that much could be read
   * @param findings at least one error
   */
  record Bad(Optional<ObjectKey> key, List<Finding> findings) implements Outcome {
    public Bad {
      findings = List.copyOf(findings);
    }
  }
}

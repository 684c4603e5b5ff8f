package dev.tenon.galley.publish;

import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.spi.config.Finding;
import java.util.List;

/** What an edit came to. */
public final class Edit {
  private Edit() {}

  /** A text as the operator gave it. */
  public record Text(String origin, String yaml) {}

  /**
   * What became of one object.
   *
   * @param apiVersion as written
   * @param what created, configured, unchanged or deleted
   */
  public record Change(ObjectKey key, String apiVersion, String what) {}

  /**
   * Of a set.
   *
   * @param accepted whether the set is in force, or would be
   * @param missing what was to be deleted and is not there
   */
  public record Result(boolean accepted, List<Change> changes, List<Finding> findings, List<ObjectKey> missing) {
    public Result {
      changes = List.copyOf(changes);
      findings = List.copyOf(findings);
      missing = List.copyOf(missing);
    }

    static Result refused(List<Finding> findings) {
      return new Result(false, List.of(), findings, List.of());
    }
  }

  /** Galley cannot edit yet, or no more. */
  public static final class NotReady extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReady(String message) {
      super(message);
    }
  }
}

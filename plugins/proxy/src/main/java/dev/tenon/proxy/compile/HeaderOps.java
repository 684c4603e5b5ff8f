package dev.tenon.proxy.compile;

import java.util.ArrayList;
import java.util.List;

/** Changes to a head, carried out one after the other. Names are lower-case; values are literal. */
public record HeaderOps(List<Op> steps) {
  /** No change. */
  public static final HeaderOps NONE = new HeaderOps(List.of());

  public HeaderOps {
    steps = List.copyOf(steps);
  }

  /** These changes, then others. */
  public HeaderOps then(HeaderOps next) {
    if (steps.isEmpty()) {
      return next;
    }
    if (next.steps.isEmpty()) {
      return this;
    }
    List<Op> all = new ArrayList<>(steps);
    all.addAll(next.steps);
    return new HeaderOps(all);
  }

  /** One change. */
  public sealed interface Op {
    /** The header that changes. */
    String name();
  }

  /** Takes every header of the name away. */
  public record Remove(String name) implements Op {}

  /** Puts a header in. */
  public record Put(String name, String value, When when) implements Op {}

  /** {@code HeaderValueOption.HeaderAppendAction}. */
  public enum When {
    APPEND,
    ADD_IF_ABSENT,
    OVERWRITE,
    OVERWRITE_IF_PRESENT
  }
}

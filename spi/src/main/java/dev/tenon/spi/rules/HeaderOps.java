package dev.tenon.spi.rules;

import java.util.List;
import java.util.Map;

/** Changes to headers; Istio's {@code Headers.HeaderOperations}. Names are lower-case. */
public record HeaderOps(Map<String, String> set, Map<String, String> add, List<String> remove) {
  /** No change. */
  public static final HeaderOps NONE = new HeaderOps(Map.of(), Map.of(), List.of());

  public HeaderOps {
    set = Map.copyOf(set);
    add = Map.copyOf(add);
    remove = List.copyOf(remove);
  }
}

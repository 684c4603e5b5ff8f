package dev.tenon.galley.decode;

import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding;
import java.util.List;

/**
 * One object that could be read.
 *
 * @param key what it is found by
 * @param object as it was written
 * @param rule what it means: one of the records of {@link dev.tenon.spi.rules}, by its kind
 * @param findings warnings; errors never get this far
 */
public record Decoded(ObjectKey key, ConfigObject object, Object rule, List<Finding> findings) {
  public Decoded {
    findings = List.copyOf(findings);
  }

  /** The same object with more to be said of it. */
  public Decoded with(List<Finding> more) {
    return more.isEmpty() ? this : new Decoded(key, object, rule, join(findings, more));
  }

  /** The object as validators are shown it: old kinds with the spec that they would have as what they mean. */
  public ConfigObject shown() {
    return Shown.of(object, rule);
  }

  /** Whether two objects say the same, wherever each was written. */
  public boolean saysTheSameAs(Decoded other) {
    return key.equals(other.key)
        && object.apiVersion().equals(other.object.apiVersion())
        && object.labels().equals(other.object.labels())
        && object.annotations().equals(other.object.annotations())
        && object.spec().equals(other.object.spec());
  }

  private static List<Finding> join(List<Finding> first, List<Finding> second) {
    return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
  }
}

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

  /** What validators are shown: old kinds with the spec that they would have as what they mean, a short form as what it stands for. */
  public List<ConfigObject> shown() {
    return rule instanceof RateLimit limit ? limit.shown(object) : List.of(Shown.of(object, rule));
  }

  /** The path in this object of what was found at a path of what is {@link #shown}. */
  public String path(String found) {
    if (rule instanceof RateLimit) {
      return RateLimit.path(found);
    }
    return key.kind().isOld() && found.startsWith("spec.params") ? "spec" + found.substring("spec.params".length()) : found;
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

package dev.tenon.mixer.evaluate;

import dev.tenon.spi.policy.Attributes;
import java.util.AbstractMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notes which attributes an evaluation reads. A name that is present stands as {@code ai}, an entry as
 * {@code ar[foo]}; what was asked for and is absent has a minus before it. These are what a verdict
 * depends on, so also what a cache of verdicts is keyed by.
 *
 * <p>Not thread-safe; for one evaluation.
 */
public final class Recorder implements Attributes {
  private final Attributes attributes;
  private final Set<String> referenced = new LinkedHashSet<>();

  public Recorder(Attributes attributes) {
    this.attributes = attributes;
  }

  /** What was read, in the order of the first reading. */
  public Set<String> referenced() {
    return referenced;
  }

  @Override
  public @Nullable Object get(String attribute) {
    Object value = attributes.get(attribute);
    referenced.add(value == null ? "-" + attribute : attribute);
    return value instanceof Map<?, ?> map ? new Recorded(attribute, map) : value;
  }

  @Override
  public boolean has(String attribute) {
    boolean there = attributes.has(attribute);
    referenced.add(there ? attribute : "-" + attribute);
    return there;
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    if (!has(attribute)) {
      return null;
    }
    String value = attributes.entry(attribute, key);
    note(attribute, key, value);
    return value;
  }

  private void note(String attribute, Object key, @Nullable Object value) {
    referenced.add((value == null ? "-" : "") + attribute + "[" + key + "]");
  }

  @Override
  public Attributes snapshot() {
    return attributes.snapshot();
  }

  /** A map whose look-ups are noted. */
  private final class Recorded extends AbstractMap<Object, Object> {
    private final String attribute;
    private final Map<?, ?> map;

    Recorded(String attribute, Map<?, ?> map) {
      this.attribute = attribute;
      this.map = map;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
      Object value = map.get(key);
      note(attribute, String.valueOf(key), value);
      return value;
    }

    @Override
    @SuppressWarnings("unchecked") // read only: any key and value is an Object
    public Set<Entry<Object, Object>> entrySet() {
      return ((Map<Object, Object>) map).entrySet();
    }
  }
}

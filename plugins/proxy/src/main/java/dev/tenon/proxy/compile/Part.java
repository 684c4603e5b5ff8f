package dev.tenon.proxy.compile;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One map of a {@link Table} in the making; copied only when it changed since the last table. */
final class Part<V> {
  private final Map<String, V> entries = new HashMap<>();
  private @Nullable Map<String, V> copy = Map.of();

  @Nullable V get(String name) {
    return entries.get(name);
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Puts a value in; an equal one changes nothing, so that the object in use stays. */
  void put(String name, V value) {
    V present = entries.get(name);
    if (present == null || !present.equals(value)) {
      entries.put(name, value);
      copy = null;
    }
  }

  void remove(String name) {
    if (entries.remove(name) != null) {
      copy = null;
    }
  }

  void retain(Collection<String> names) {
    if (entries.keySet().retainAll(names)) {
      copy = null;
    }
  }

  Set<String> names() {
    return Set.copyOf(entries.keySet());
  }

  Collection<V> values() {
    return entries.values();
  }

  /** Whether it differs from what {@link #snapshot} gave last. */
  boolean changed() {
    return copy == null;
  }

  /** The present entries, immutable. */
  Map<String, V> snapshot() {
    Map<String, V> present = copy;
    if (present == null) {
      present = Map.copyOf(entries);
      copy = present;
    }
    return present;
  }
}

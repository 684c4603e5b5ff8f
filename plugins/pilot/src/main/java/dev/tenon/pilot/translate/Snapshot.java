package dev.tenon.pilot.translate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * All that one proxy is to be told. A type's resources stay the same object from one snapshot of a
 * proxy to the next while nothing in them differs.
 */
public final class Snapshot {
  private static final NavigableMap<String, Resource> NOTHING = Collections.emptyNavigableMap();

  private final long mesh;
  private final Map<ResourceType, NavigableMap<String, Resource>> types;

  private final List<String> notes;

  Snapshot(long mesh, Map<ResourceType, NavigableMap<String, Resource>> types, List<String> notes) {
    this.mesh = mesh;
    this.notes = List.copyOf(notes);
    this.types = new EnumMap<>(types);
  }

  /** The version of the mesh that this was made from. */
  public long mesh() {
    return mesh;
  }

  /** What the proxy does not carry out of what is asked of it, and why, for an operator. */
  public List<String> notes() {
    return notes;
  }

  /** A type's resources by name; must not be modified. */
  public NavigableMap<String, Resource> of(ResourceType type) {
    return types.getOrDefault(type, NOTHING);
  }
}

package dev.tenon.proxy.subscribe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Keeps versions, and refuses or fails when told to. */
final class RecordingIntake implements Intake {
  private final Map<Kind, Map<String, String>> held = new EnumMap<>(Kind.class);
  volatile boolean wantEndpointsOfClusters;
  volatile boolean fail;
  volatile String refuse = "";

  @Override
  public List<Rejection> receive(Kind kind, List<Resource> changed, List<String> removed) {
    if (fail) {
      throw new IllegalStateException("as the test wants it");
    }
    List<Rejection> rejections = new ArrayList<>();
    Map<String, String> those = held.computeIfAbsent(kind, ignored -> new TreeMap<>());
    removed.forEach(those::remove);
    for (Resource resource : changed) {
      if (resource.name().equals(refuse)) {
        rejections.add(new Rejection(refuse, "type", "not this one"));
      } else {
        those.put(resource.name(), resource.version());
      }
    }
    return rejections;
  }

  @Override
  public Map<String, String> versions(Kind kind) {
    return held.getOrDefault(kind, Map.of());
  }

  @Override
  public Set<String> wanted(Kind kind) {
    return kind == Kind.ENDPOINTS && wantEndpointsOfClusters ? Set.copyOf(versions(Kind.CLUSTERS).keySet()) : Set.of();
  }
}

package dev.tenon.kernel.swap;

import dev.tenon.kernel.plan.Given;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every place that something ran in, and what runs there now. Guarded by {@link Modules}. */
final class Lanes {
  private final Map<String, Lane> byPlace = new LinkedHashMap<>();

  Lane at(String place, Function<String, Lane> maker) {
    return byPlace.computeIfAbsent(place, maker);
  }

  /** By place, the jar of its present generation. */
  Map<String, Given> running() {
    Map<String, Given> running = new HashMap<>();
    byPlace.forEach((place, lane) -> {
      Generation current = lane.current();
      if (current != null) {
        running.put(place, current.jar);
      }
    });
    return running;
  }

  Stream<Generation> present() {
    return byPlace.values().stream().map(Lane::current).filter(Objects::nonNull);
  }

  /** The present generations of a module: one, or one for each version where versions run side by side. */
  Stream<Generation> of(String module) {
    return present().filter(each -> each.jar.module().equals(module));
  }

  boolean isActive(String module) {
    return of(module).anyMatch(Generation::active);
  }

  /** Whether another module that runs needs this one. */
  boolean isNeeded(String module) {
    return present().anyMatch(each -> each.jar.facts().needs().contains(module) && !each.jar.module().equals(module));
  }

  List<Status> status() {
    return byPlace.values().stream().flatMap(each -> each.status().stream()).toList();
  }

  /** Accepted connections that older generations of a module still have. */
  int oldConnections(String module) {
    return byPlace.values().stream().filter(each -> each.module.equals(module)).mapToInt(Lane::oldConnections).sum();
  }

  /** The last begun first. */
  List<Lane> lastFirst() {
    return new ArrayList<>(byPlace.values()).reversed();
  }
}

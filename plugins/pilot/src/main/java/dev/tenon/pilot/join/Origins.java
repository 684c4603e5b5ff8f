package dev.tenon.pilot.join;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Where the mesh's services came from; nothing that a proxy is told depends on it.
 *
 * @param sources of each service, who is believed first
 * @param conflicts between sources, at most {@value #MOST}, by subject
 */
public record Origins(NavigableMap<ServiceKey, List<String>> sources, List<Conflict> conflicts) {
  static final int MOST = 1_000;

  public Origins {
    sources = Collections.unmodifiableNavigableMap(new TreeMap<>(sources));
    conflicts = conflicts.stream().sorted().limit(MOST).toList();
  }
}

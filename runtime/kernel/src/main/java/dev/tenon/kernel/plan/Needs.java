package dev.tenon.kernel.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which module of a set needs which: {@code Tenon-Needs} in their manifests. */
final class Needs {
  private final Map<String, Set<String>> byModule = new TreeMap<>();

  /** The needs of all these. */
  Needs(Collection<Given> jars) {
    jars.forEach(each -> byModule.computeIfAbsent(each.module(), ignored -> new TreeSet<>()).addAll(each.facts().needs()));
  }

  /** Why a jar of the set cannot run with the others. */
  Optional<String> refusal(Given jar) {
    List<String> missing = jar.facts().needs().stream().filter(each -> !byModule.containsKey(each)).toList();
    if (!missing.isEmpty()) {
      return Optional.of("it needs " + String.join(" and ", missing) + ", and no jar of that name is here or can run; give one");
    }
    List<String> circle = new ArrayList<>();
    return leadsTo(jar.module(), jar.module(), circle, new LinkedHashSet<>())
        ? Optional.of("modules cannot need each other in a circle, and these do: " + jar.module() + " → " + String.join(" → ", circle.reversed()))
        : Optional.empty();
  }

  private boolean leadsTo(String from, String to, List<String> path, Set<String> seen) {
    for (String next : byModule.getOrDefault(from, Set.of())) {
      if (next.equals(to) || (seen.add(next) && leadsTo(next, to, path, seen))) {
        path.add(next);
        return true;
      }
    }
    return false;
  }

  /** Those that need a module. */
  List<String> of(String module) {
    return byModule.entrySet().stream().filter(each -> each.getValue().contains(module) && !each.getKey().equals(module)).map(Map.Entry::getKey).toList();
  }

  /** The same steps, each after those of the modules that it needs; otherwise in the order given. */
  static List<Step> inOrder(List<Step> steps) {
    Map<String, List<Step>> byModule = new LinkedHashMap<>();
    steps.forEach(each -> byModule.computeIfAbsent(each.module(), ignored -> new ArrayList<>()).add(each));
    SequencedSet<Step> ordered = new LinkedHashSet<>();
    steps.forEach(each -> add(each, byModule, ordered, new LinkedHashSet<>()));
    return List.copyOf(ordered);
  }

  private static void add(Step step, Map<String, List<Step>> byModule, SequencedSet<Step> ordered, Set<Step> pending) {
    if (!pending.add(step)) {
      return;
    }
    List<String> first = step instanceof Step.Remove
        ? byModule.keySet().stream().filter(each -> byModule.getOrDefault(each, List.of()).stream()
            .anyMatch(other -> other instanceof Step.Remove && other.jar().facts().needs().contains(step.module()))).toList()
        : step.jar().facts().needs();
    first.forEach(module -> byModule.getOrDefault(module, List.of()).forEach(each -> add(each, byModule, ordered, pending)));
    ordered.add(step);
  }
}

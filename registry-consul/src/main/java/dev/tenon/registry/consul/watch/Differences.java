package dev.tenon.registry.consul.watch;

import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.Definition;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which services have to be read again: pure functions of what was and what is. */
final class Differences {
  private Differences() {}

  /** Keys whose values differ, or that are in one map alone. */
  static <K, V> Set<K> of(Map<K, V> before, Map<K, V> now) {
    Set<K> differ = new HashSet<>();
    now.forEach((key, value) -> {
      if (!Objects.equals(before.get(key), value)) {
        differ.add(key);
      }
    });
    before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(differ::add);
    return differ;
  }

  /** Checks by what they are about: a service's name, or {@code node/} and a node's name. */
  static Map<String, Set<Check>> bySubject(List<Check> checks) {
    Map<String, Set<Check>> subjects = new HashMap<>();
    checks.forEach(each -> subjects.computeIfAbsent(subject(each), _ -> new HashSet<>()).add(each));
    return subjects;
  }

  private static String subject(Check check) {
    return check.service().isEmpty() ? "node/" + check.node() : check.service();
  }

  /** The services that one node has otherwise than we know them, by name. */
  static Set<String> onNode(Collection<Definition> known, Collection<Definition> there) {
    Set<Definition> both = new HashSet<>(known);
    both.retainAll(new HashSet<>(there));
    Set<String> differ = new HashSet<>();
    known.stream().filter(each -> !both.contains(each)).forEach(each -> differ.add(each.service()));
    there.stream().filter(each -> !both.contains(each)).forEach(each -> differ.add(each.service()));
    return differ;
  }
}

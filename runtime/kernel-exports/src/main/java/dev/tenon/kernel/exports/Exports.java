package dev.tenon.kernel.exports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The packages that the system bundle exports, and what is wrong with them.
 *
 * @param packages name to version
 * @param problems one line each; none when the list can be used
 */
record Exports(SortedMap<String, String> packages, List<String> problems) {
  Exports {
    packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
    problems = List.copyOf(problems);
  }

  /** Joins the jars' packages. */
  static Exports of(List<PlatformJar> jars, List<PlatformJar> unexported) {
    SortedMap<String, String> packages = new TreeMap<>();
    Map<String, String> owners = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (PlatformJar jar : jars) {
      jar.exports().forEach((name, version) -> {
        String other = owners.putIfAbsent(name, jar.name());
        if (other != null) {
          problems.add("package " + name + " is split: both " + other + " and " + jar.name() + " hold it");
        }
        packages.put(name, version);
      });
    }
    Set<String> held = new HashSet<>();
    jars.forEach(jar -> held.addAll(jar.hidden()));
    unexported.forEach(jar -> held.addAll(jar.exports().keySet()));
    held.removeAll(packages.keySet());
    for (PlatformJar jar : jars) {
      jar.uses().forEach((from, named) -> named.stream().filter(held::contains).forEach(hole ->
          problems.add("package " + from + " of " + jar.name() + " names " + hole
              + " in its signatures, which the platform holds and does not export")));
    }
    return new Exports(packages, problems);
  }

  /** One {@code package;version="x"} a line. */
  String text() {
    StringBuilder text = new StringBuilder("# What the system bundle exports. Made by the build from the jars in lib/.\n");
    packages.forEach((name, version) ->
        text.append(name).append(";version=\"").append(version).append("\"\n"));
    return text.toString();
  }
}

package dev.tenon.kernel.exports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The packages that the system bundle exports, and what is wrong with them.
 *
 * @param jars those that export or keep packages, in the order of the list
 * @param problems one line each; none when the list can be used
 */
record Exports(List<PlatformJar> jars, List<String> problems) {
  Exports {
    jars = List.copyOf(jars);
    problems = List.copyOf(problems);
  }

  /** Joins the jars' packages. */
  static Exports of(List<PlatformJar> jars, List<PlatformJar> unexported) {
    Map<String, String> owners = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (PlatformJar jar : jars) {
      jar.exports().keySet().forEach(name -> {
        String other = owners.putIfAbsent(name, jar.name());
        if (other != null) {
          problems.add("package " + name + " is split: both " + other + " and " + jar.name() + " hold it");
        }
      });
    }
    Set<String> held = new HashSet<>();
    jars.forEach(jar -> held.addAll(jar.hidden()));
    unexported.forEach(jar -> held.addAll(jar.exports().keySet()));
    held.removeAll(owners.keySet());
    for (PlatformJar jar : jars) {
      jar.uses().forEach((from, named) -> named.stream().filter(held::contains).forEach(hole ->
          problems.add("package " + from + " of " + jar.name() + " names " + hole
              + " in its signatures, which the platform holds and does not export")));
    }
    List<PlatformJar> all = new ArrayList<>(jars);
    unexported.forEach(jar -> all.add(jar.kept()));
    return new Exports(all, problems);
  }

  /**
   * One {@code package;version="x"} a line below the jar that has it. Lines that begin with # are for the
   * message to an operator whose jar asks for something else: {@code # kept:} packages are not given.
   */
  String text() {
    StringBuilder text = new StringBuilder("# What the system bundle exports. Made by the build from the jars in lib/.\n");
    for (PlatformJar jar : jars) {
      text.append("# jar: ").append(jar.name()).append('\n');
      jar.hidden().stream().sorted().forEach(name -> text.append("# kept: ").append(name).append('\n'));
      new TreeMap<>(jar.exports()).forEach((name, version) ->
          text.append(name).append(";version=\"").append(version).append("\"\n"));
    }
    return text.toString();
  }
}

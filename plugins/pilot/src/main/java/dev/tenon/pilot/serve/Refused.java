package dev.tenon.pilot.serve;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which resources a client has refused and not taken since. The protocol refuses whole answers; Envoy
 * and Tenon's proxy name the resources that they mean in their message and take the others, so those
 * that are named are believed to be meant, and all when none is.
 */
final class Refused {
  private final Set<String> suspects = new HashSet<>();
  private boolean named;
  private String message = "";

  /** An answer that held these has been refused. */
  void refused(Set<String> names, String reason) {
    Set<String> meant = mentioned(names, reason);
    named = !meant.isEmpty();
    suspects.addAll(named ? meant : names);
    message = reason.isEmpty() ? "no reason given" : reason;
  }

  /** These have been taken in, or are no more. */
  void settled(Set<String> names) {
    boolean any = suspects.removeAll(names);
    if (any && !named) {
      suspects.clear();
    }
    if (suspects.isEmpty()) {
      message = "";
    }
  }

  boolean isEmpty() {
    return message.isEmpty();
  }

  /** What the client said last; empty when nothing is refused. */
  String message() {
    return message;
  }

  /** The names in a text, where none is only part of a longer one. */
  private static Set<String> mentioned(Set<String> names, String text) {
    List<String> longestFirst =
        names.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    Set<String> found = new HashSet<>();
    String rest = text;
    for (String name : longestFirst) {
      if (rest.contains(name)) {
        found.add(name);
        rest = rest.replace(name, "\n");
      }
    }
    return found;
  }
}

package dev.tenon.mixer.accept;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds objects by the names that rules use. {@code x} lies in the rule's namespace; {@code x.y} is x
 * of the old kind y there, else x in the namespace y; {@code x.kind.ns} says all.
 *
 * @param <T> handlers or instances
 */
final class References<T> {
  private final String kind;
  private final Map<String, T> byName = new HashMap<>();
  private final Map<String, String> oldKinds = new HashMap<>();

  /** References to objects of a kind, {@code handler} or {@code instance}. */
  References(String kind) {
    this.kind = kind;
  }

  /**
   * Adds an object.
   *
   * @param oldKind the adapter or template whose name was its kind once
   */
  void add(String name, String namespace, String oldKind, T object) {
    byName.put(name + "." + namespace, object);
    oldKinds.put(name + "." + namespace, oldKind);
  }

  /** The full name that a reference stands for, {@code name.namespace}; there may be no such object. */
  String resolve(String reference, String ruleNamespace) {
    String[] parts = reference.split("\\.", -1);
    String here = parts[0] + "." + ruleNamespace;
    return switch (parts.length) {
      case 1 -> here;
      case 2 -> parts[1].equals(oldKinds.get(here)) ? here : reference;
      case 3 -> {
        String there = parts[0] + "." + parts[2];
        yield parts[1].equals(kind) || parts[1].equals(oldKinds.get(there)) ? there : reference;
      }
      default -> reference;
    };
  }

  /** The object of a full name. */
  Optional<T> find(String fullName) {
    return Optional.ofNullable(byName.get(fullName));
  }
}

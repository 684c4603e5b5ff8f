package dev.tenon.mixer.accept;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds objects by the names that rules use. {@code x} lies in the rule's namespace; {@code x.y} is x
 * of the old kind y there, else x in the namespace y; {@code x.kind.ns} says all. An object of the
 * new kind whose adapter or template is y answers to the old kind's name too, when no other does.
 *
 * @param <T> handlers or instances
 */
final class References<T> {
  private final String kind;
  private final Map<String, T> byName = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();

  /** References to objects of a kind, {@code handler} or {@code instance}, and of its old kinds. */
  References(String kind) {
    this.kind = kind;
  }

  /**
   * Adds an object.
   *
   * @param ofKind its kind: this one, or an old one
   * @param type its adapter or template
   * @return its full name
   */
  String add(String name, String namespace, String ofKind, String type, T object) {
    String full = full(name, namespace, ofKind);
    byName.put(full, object);
    types.put(full, type);
    return full;
  }

  /** {@code name.namespace}, or {@code name.kind.namespace} of an old kind. */
  private String full(String name, String namespace, String ofKind) {
    return ofKind.equals(kind) ? name + "." + namespace : name + "." + ofKind + "." + namespace;
  }

  /** The full name that a reference stands for; there may be no such object. */
  String resolve(String reference, String ruleNamespace) {
    String[] parts = reference.split("\\.", -1);
    return switch (parts.length) {
      case 1 -> parts[0] + "." + ruleNamespace;
      case 2 -> ofType(parts[0], parts[1], ruleNamespace, reference);
      case 3 ->
          parts[1].equals(kind)
              ? parts[0] + "." + parts[2]
              : ofType(parts[0], parts[1], parts[2], reference);
      default -> reference;
    };
  }

  private String ofType(String name, String type, String namespace, String otherwise) {
    String old = full(name, namespace, type);
    if (byName.containsKey(old)) {
      return old;
    }
    String here = name + "." + namespace;
    return type.equals(types.get(here)) ? here : otherwise;
  }

  /** The object of a full name. */
  Optional<T> find(String fullName) {
    return Optional.ofNullable(byName.get(fullName));
  }
}

package dev.tenon.mixer.check;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attributes that expressions may name. Immutable. */
public final class Vocabulary {
  private final Map<String, Attribute> attributes;

  /** A vocabulary of these attributes, by name. */
  public Vocabulary(Map<String, Attribute> attributes) {
    this.attributes = Map.copyOf(attributes);
  }

  /** The same as reports see it: what is known only after the answer is there too. */
  public Vocabulary whenOver() {
    Map<String, Attribute> over = new HashMap<>();
    attributes.forEach(
        (name, each) -> over.put(name, each.seen() == Seen.REPORT ? new Attribute(each.type(), Seen.CHECK) : each));
    return new Vocabulary(over);
  }

  /** What is known of an attribute. */
  public Optional<Attribute> find(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  /** All of them, by name. */
  public Map<String, Attribute> all() {
    return attributes;
  }

  /** Up to three names that could have been meant, the nearest first. */
  public List<String> near(String name) {
    int limit = Math.max(2, name.length() / 4);
    return attributes.keySet().stream()
        .filter(known -> Spelling.distance(name, known) <= limit || known.startsWith(name + "."))
        .sorted(
            Comparator.<String>comparingInt(known -> Spelling.distance(name, known))
                .thenComparing(Comparator.naturalOrder()))
        .limit(3)
        .toList();
  }

  /**
   * An attribute.
   *
   * @param seen when a request has it
   */
  public record Attribute(ValueType type, Seen seen) {}

  /** When an attribute has a value. */
  public enum Seen {
    /** Before the request goes on: checks see it. */
    CHECK,
    /** Once the answer is there: only reports see it. */
    REPORT,
    /** Declared by Mixer, sent by no proxy. */
    NEVER
  }
}

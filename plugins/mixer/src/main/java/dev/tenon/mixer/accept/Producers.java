package dev.tenon.mixer.accept;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** In which order instances that make attributes are asked: each after those that make what it reads. */
final class Producers {
  private Producers() {}

  /**
   * An instance that makes attributes. What it makes itself it reads as the request has it.
   *
   * @param reads attributes
   * @param binds attributes
   */
  record Producer(String name, Set<String> reads, Set<String> binds) {
    private boolean waitsFor(Producer other) {
      return !other.name.equals(name) && !Collections.disjoint(reads, other.binds);
    }
  }

  /**
   * What can be ordered, and what cannot.
   *
   * @param order names
   * @param cyclic names of those that wait for each other, or for such
   */
  record Ordered(List<String> order, List<String> cyclic) {}

  static Ordered order(Collection<Producer> all) {
    List<Producer> left = new ArrayList<>(all);
    List<String> order = new ArrayList<>();
    boolean found = true;
    while (found) {
      found = false;
      for (Producer each : List.copyOf(left)) {
        if (left.stream().noneMatch(each::waitsFor)) {
          left.remove(each);
          order.add(each.name());
          found = true;
        }
      }
    }
    return new Ordered(order, left.stream().map(Producer::name).toList());
  }

  /** What is said of instances that wait for each other. */
  static String cycle(List<String> names) {
    return "makes attributes of what it waits for: " + String.join(", ", names)
        + " read what the others bind; let one of them read nothing that another binds";
  }
}

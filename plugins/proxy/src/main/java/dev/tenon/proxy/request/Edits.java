package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.compile.HeaderOps.Put;
import dev.tenon.proxy.compile.HeaderOps.When;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Name;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header operations carried out on a head: which fields fall away and which are added. */
final class Edits {
  private final BitSet dropped = new BitSet();
  private final List<Put> added = new ArrayList<>();

  /** Forgets the last head. */
  void clear() {
    dropped.clear();
    added.clear();
  }

  /** Becomes what another is. */
  void copy(Edits other) {
    clear();
    dropped.or(other.dropped);
    added.addAll(other.added);
  }

  void drop(int field) {
    dropped.set(field);
  }

  boolean drops(int field) {
    return dropped.get(field);
  }

  /** Carries operations out, in order, after those before. */
  void apply(HeaderOps ops, Head head) {
    List<HeaderOps.Op> steps = ops.steps();
    for (int i = 0; i < steps.size(); i++) {
      apply(steps.get(i), head);
    }
  }

  void apply(HeaderOps.Op step, Head head) {
    switch (step) {
      case HeaderOps.Remove(String name) -> remove(name, head);
      case Put put -> put(put, head);
    }
  }

  private void put(Put put, Head head) {
    boolean present = present(put.name(), head);
    if (put.when() == (present ? When.ADD_IF_ABSENT : When.OVERWRITE_IF_PRESENT)) {
      return;
    }
    if (put.when() == When.OVERWRITE || put.when() == When.OVERWRITE_IF_PRESENT) {
      remove(put.name(), head);
    }
    added.add(put);
  }

  /** Whether there is a field of a name, in lower case, after all. */
  boolean present(String name, Head head) {
    for (int field = head.find(name, 0); field >= 0; field = head.find(name, field + 1)) {
      if (!dropped.get(field)) {
        return true;
      }
    }
    return adds(name);
  }

  private void remove(String name, Head head) {
    for (int field = head.find(name, 0); field >= 0; field = head.find(name, field + 1)) {
      dropped.set(field);
    }
    added.removeIf(put -> put.name().equals(name));
  }

  /** The values of an added name, in lower case, joined with commas; null when there is none. */
  @Nullable String added(String name) {
    String joined = null;
    for (int i = 0; i < added.size(); i++) {
      if (added.get(i).name().equals(name)) {
        joined = joined == null ? added.get(i).value() : joined + "," + added.get(i).value();
      }
    }
    return joined;
  }

  /** The names that were added. */
  void addNames(Collection<String> names) {
    added.forEach(put -> names.add(put.name()));
  }

  /** Puts the fields of a head that did not fall away, without those of its connection. */
  void putKept(Head head, Bytes out) {
    for (int field = 0; field < head.count(); field++) {
      if (!dropped.get(field) && head.number(field) != Name.CONNECTION) {
        out.put(head.bytes(), head.lineAt(field), head.lineAt(field + 1) - head.lineAt(field));
      }
    }
  }

  /** Puts the added fields. */
  void putAdded(Bytes out) {
    for (int i = 0; i < added.size(); i++) {
      Put put = added.get(i);
      out.put(put.name()).put(':').put(' ').put(put.value()).line();
    }
  }

  /** Whether a name was added. */
  boolean adds(String name) {
    for (int i = 0; i < added.size(); i++) {
      if (added.get(i).name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  boolean any() {
    return !added.isEmpty() || !dropped.isEmpty();
  }
}

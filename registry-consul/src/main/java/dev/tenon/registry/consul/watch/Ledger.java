package dev.tenon.registry.consul.watch;

import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.Definition;
import dev.tenon.registry.consul.read.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one data centre and what has to be read again. Thread-safe; {@link #take} waits.
 */
final class Ledger {
  /** Every Consul server registers itself under this name. */
  private static final String CONSUL = "consul";

  private Map<String, List<String>> listed = Map.of();
  private Map<String, Set<Check>> checks = Map.of();
  private final Map<String, List<Instance>> known = new HashMap<>();
  private final Map<String, Map<String, Definition>> onNode = new HashMap<>();
  private final LinkedHashSet<String> dirty = new LinkedHashSet<>();
  private final Set<String> reading = new HashSet<>();
  private final Set<String> fresh = new HashSet<>();
  private boolean complete;
  private boolean seen;

  /**
   * What {@code /v1/catalog/services} says now.
   *
   * @return whether it can be believed: a list that lacks even Consul itself is one that the token may
   *     not see
   */
  synchronized boolean services(Map<String, List<String>> now) {
    if (now.isEmpty()) {
      return false;
    }
    dirty.addAll(Differences.of(listed, now));
    dirty.remove(CONSUL);
    listed = now;
    seen = true;
    notifyAll();
    return true;
  }

  /** What the first look has found; a service that it lists without an instance is to be read. */
  synchronized void begin(Beginning.Found found) {
    listed = found.listed();
    checks = Differences.bySubject(found.states());
    found.instances().forEach((service, instances) -> {
      if (listed.containsKey(service) && !service.equals(CONSUL)) {
        read(service, instances);
      }
    });
    listed.keySet().stream().filter(each -> !each.equals(CONSUL) && !known.containsKey(each)).forEach(dirty::add);
    seen = true;
    notifyAll();
  }

  /** What {@code /v1/health/state/any} says now. */
  synchronized void checks(List<Check> all) {
    Map<String, Set<Check>> now = Differences.bySubject(all);
    for (String subject : Differences.of(checks, now)) {
      if (subject.startsWith("node/")) {
        onNode.getOrDefault(subject.substring("node/".length()), Map.of()).values().forEach(each -> again(each.service()));
      } else {
        again(subject);
      }
    }
    checks = now;
    notifyAll();
  }

  /**
   * What one node has.
   *
   * @return whether that is what is known of it
   */
  synchronized boolean node(String node, Collection<Definition> there) {
    Set<String> differ = Differences.onNode(onNode.getOrDefault(node, Map.of()).values(), there);
    differ.forEach(this::again);
    notifyAll();
    return differ.isEmpty();
  }

  /** The nodes that there are; what others had is read again. */
  synchronized void nodes(Collection<String> names) {
    onNode.forEach((node, definitions) -> {
      if (!names.contains(node)) {
        definitions.values().forEach(each -> again(each.service()));
      }
    });
    notifyAll();
  }

  /** Only what is listed or was read is worth reading. */
  private void again(String service) {
    boolean there = listed.containsKey(service) && !service.equals(CONSUL);
    if (there || known.containsKey(service)) {
      dirty.add(service);
    }
  }

  /** The next service to read; waits for one. Each taken one is given back by {@link #read} or {@link #failed}. */
  synchronized String take() throws InterruptedException {
    while (true) {
      Optional<String> next = dirty.stream().filter(each -> !reading.contains(each)).findFirst();
      if (next.isPresent()) {
        dirty.remove(next.get());
        reading.add(next.get());
        return next.get();
      }
      wait();
    }
  }

  /** A service was read; an empty list means that it is gone. */
  synchronized void read(String service, List<Instance> instances) {
    reading.remove(service);
    List<Instance> before = instances.isEmpty() ? known.remove(service) : known.put(service, List.copyOf(instances));
    (before == null ? List.<Instance>of() : before).forEach(each -> forget(each.definition()));
    instances.forEach(each -> onNode.computeIfAbsent(each.definition().node(), _ -> new HashMap<>())
        .put(each.definition().key(), each.definition()));
    if (!instances.equals(before == null ? List.of() : before)) {
      fresh.add(service);
    }
    notifyAll();
  }

  private void forget(Definition definition) {
    Map<String, Definition> those = onNode.get(definition.node());
    if (those != null) {
      those.remove(definition.key());
      if (those.isEmpty()) {
        onNode.remove(definition.node());
      }
    }
  }

  /** Whether a service had instances when it was last read. */
  synchronized boolean knows(String service) {
    return known.containsKey(service);
  }

  /** A service could not be read. */
  synchronized void failed(String service) {
    reading.remove(service);
    dirty.add(service);
    notifyAll();
  }

  /**
   * What became new since the last call, by service; a service that is gone has an empty list. Waits
   * until there is something and, the first time, until all is read.
   */
  synchronized Map<String, List<Instance>> changes() throws InterruptedException {
    while (complete ? fresh.isEmpty() : !seen || !dirty.isEmpty() || !reading.isEmpty()) {
      wait();
    }
    complete = true;
    notifyAll();
    Map<String, List<Instance>> changes = new HashMap<>();
    fresh.forEach(each -> changes.put(each, known.getOrDefault(each, List.of())));
    fresh.clear();
    return changes;
  }

  /** Waits until everything has been read once. */
  synchronized void awaitComplete() throws InterruptedException {
    while (!complete) {
      wait();
    }
  }

  /** The nodes that have something. */
  synchronized List<String> nodes() {
    return new ArrayList<>(onNode.keySet());
  }
}

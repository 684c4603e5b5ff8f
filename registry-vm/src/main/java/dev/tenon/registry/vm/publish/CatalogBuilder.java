package dev.tenon.registry.vm.publish;

import dev.tenon.registry.vm.accept.Registrant;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.rules.WorkloadGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the catalog up to date: a change regroups the services it touches and no others, which go on
 * as the same objects. Not thread-safe.
 */
final class CatalogBuilder {
  private final Map<String, Registrant> said = new HashMap<>();
  private final Map<String, Registrant> registrants = new HashMap<>();
  private final Map<ServiceName, SortedMap<String, Registrant>> answering = new HashMap<>();
  private final Map<ServiceName, Service> services = new HashMap<>();
  private final Map<String, Workload> workloads = new HashMap<>();
  private final Set<ServiceName> touched = new HashSet<>();
  private final Set<String> warned = new HashSet<>();
  private Map<String, WorkloadGroup> groups = Map.of();
  private int grouped;

  /** The workloads that are in. */
  Set<String> keys() {
    return Set.copyOf(registrants.keySet());
  }

  /** The groups as they are now; whether that changes anything of a workload. */
  boolean groups(Map<String, WorkloadGroup> now) {
    Map<String, WorkloadGroup> before = groups;
    groups = Map.copyOf(now);
    List<Registrant> concerned =
        said.values().stream()
            .filter(each -> !Objects.equals(before.get(each.groupKey()), groups.get(each.groupKey())))
            .toList();
    concerned.forEach(this::put);
    return !concerned.isEmpty();
  }

  /** A workload with all that its group adds. */
  Registrant filled(String key) {
    return Objects.requireNonNull(registrants.get(key));
  }

  /** A workload is there, or says something else than before. */
  void put(Registrant itself) {
    String key = itself.workload().key();
    said.put(key, itself);
    Registrant registrant = Template.filled(itself, groups.get(itself.groupKey()));
    Registrant before = registrants.put(key, registrant);
    if (registrant.equals(before)) {
      return;
    }
    if (before != null) {
      unlink(before);
    }
    workloads.put(key, registrant.workload());
    for (WorkloadPort port : registrant.workload().ports()) {
      answering.computeIfAbsent(port.service(), name -> new TreeMap<>()).put(key, registrant);
      touched.add(port.service());
    }
  }

  /** A workload is gone. */
  void remove(String key) {
    said.remove(key);
    Registrant before = registrants.remove(key);
    if (before != null) {
      workloads.remove(key);
      unlink(before);
    }
  }

  private void unlink(Registrant registrant) {
    for (WorkloadPort port : registrant.workload().ports()) {
      SortedMap<String, Registrant> those = answering.get(port.service());
      if (those != null) {
        those.remove(registrant.workload().key());
      }
      touched.add(port.service());
    }
  }

  /** A catalog, and what there is to be said about it that was not said before. */
  record Built(Catalog catalog, List<String> warnings) {}

  /** The catalog as it is now. */
  Built build() {
    List<String> fresh = new ArrayList<>();
    for (ServiceName name : touched) {
      SortedMap<String, Registrant> those = Objects.requireNonNull(answering.get(name));
      if (those.isEmpty()) {
        answering.remove(name);
        services.remove(name);
      } else {
        Grouping.Grouped result = Grouping.group(name, those.values());
        grouped++;
        services.put(name, result.service());
        fresh.addAll(result.warnings());
      }
    }
    touched.clear();
    if (warned.size() > 1_000) {
      warned.clear();
    }
    fresh.removeIf(warning -> !warned.add(warning));
    return new Built(new Catalog(services, workloads), fresh);
  }

  /** How many times a service was put together since the start. */
  int grouped() {
    return grouped;
  }
}

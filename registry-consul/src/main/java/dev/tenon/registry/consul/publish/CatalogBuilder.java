package dev.tenon.registry.consul.publish;

import dev.tenon.registry.consul.convert.Conversion;
import dev.tenon.registry.consul.convert.Converted;
import dev.tenon.registry.consul.convert.Wishes;
import dev.tenon.registry.consul.read.Instance;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Keeps the catalog up to date: a change converts the services it touches and no others, which go on as
 * the same objects. Not thread-safe.
 */
final class CatalogBuilder {
  private final Wishes wishes;
  private final Map<String, Map<String, List<Instance>>> instances = new HashMap<>();
  private final TreeMap<String, Converted> converted = new TreeMap<>();
  private final Map<ServiceName, Service> services = new HashMap<>();
  private final Map<String, Workload> workloads = new HashMap<>();
  private final Map<String, Set<String>> users = new HashMap<>();
  private int conversions;

  CatalogBuilder(Wishes wishes) {
    this.wishes = wishes;
  }

  /** What one data centre has of some services now. */
  void put(String datacenter, Map<String, List<Instance>> changed) {
    changed.forEach((name, there) -> {
      Map<String, List<Instance>> everywhere = instances.computeIfAbsent(name, _ -> new HashMap<>());
      if (there.isEmpty()) {
        everywhere.remove(datacenter);
      } else {
        everywhere.put(datacenter, there);
      }
      if (everywhere.isEmpty()) {
        instances.remove(name);
      }
      replace(name, everywhere.isEmpty() ? Converted.NOTHING : Conversion.convert(name, everywhere, wishes));
      conversions++;
    });
  }

  private void replace(String name, Converted now) {
    Converted before = now.equals(Converted.NOTHING) ? converted.remove(name) : converted.put(name, now);
    if (before != null) {
      before.services().forEach(each -> services.remove(each.name()));
      before.workloads().forEach(each -> {
        workloads.remove(each.key());
        users.computeIfPresent(each.address(), (_, keys) -> keys.remove(each.key()) && keys.isEmpty() ? null : keys);
      });
    }
    now.services().forEach(each -> services.put(each.name(), each));
    now.workloads().forEach(each -> {
      workloads.put(each.key(), each);
      users.computeIfAbsent(each.address(), _ -> new HashSet<>()).add(each.key());
    });
  }

  /**
   * The catalog as it is now. An address that several instances share tells nothing of who calls from
   * it: such workloads are left out, their endpoints are not.
   */
  Catalog build() {
    Map<String, Workload> alone = new HashMap<>(workloads);
    alone.values().removeIf(each -> users.getOrDefault(each.address(), Set.of()).size() > 1);
    return new Catalog(services, alone);
  }

  /** One line for each thing that cannot be used. */
  Stream<String> refused() {
    return converted.values().stream().flatMap(each -> each.refused().stream());
  }

  /** Everything that was put, by data centre and service. */
  Map<String, Map<String, List<Instance>>> known() {
    Map<String, Map<String, List<Instance>>> known = new HashMap<>();
    instances.forEach((name, everywhere) -> everywhere.forEach(
        (datacenter, there) -> known.computeIfAbsent(datacenter, _ -> new HashMap<>()).put(name, there)));
    return known;
  }

  /** How many times a service was converted since the start. */
  int conversions() {
    return conversions;
  }
}

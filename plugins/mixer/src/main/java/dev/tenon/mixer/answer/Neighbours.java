package dev.tenon.mixer.answer;

import dev.tenon.spi.config.Names;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who lives at an address, by what the registries of this process say; of several the first by name is believed. A process
 * without registries knows nobody. Thread-safe.
 */
final class Neighbours implements AutoCloseable {
  private final Map<String, Catalog> catalogs = new TreeMap<>();
  private final List<Subscription> flows = new ArrayList<>();
  private final Subscription offers;
  private volatile @Nullable Map<InetAddress, Workload> present;

  Neighbours(Source<List<Offer<Registry>>> registries) {
    offers = registries.subscribe(this::follow);
  }

  private synchronized void follow(List<Offer<Registry>> registries) {
    flows.forEach(Subscription::close);
    flows.clear();
    for (Offer<Registry> each : registries) {
      String name = each.service().name();
      flows.add(each.service().catalog().subscribe(catalog -> take(name, catalog)));
    }
  }

  private synchronized void take(String registry, Catalog catalog) {
    catalogs.put(registry, catalog);
    present = null;
  }

  /** The workload of an address of the mesh's default network; null when nobody knows it. */
  @Nullable Workload at(InetAddress address) {
    Map<InetAddress, Workload> now = present;
    return (now == null ? gather() : now).get(address);
  }

  private synchronized Map<InetAddress, Workload> gather() {
    Map<InetAddress, Workload> all = new HashMap<>();
    for (Catalog catalog : catalogs.values()) {
      for (Workload workload : catalog.workloads().values()) {
        if (workload.network().isEmpty()) {
          Names.ipAddress(workload.address()).ifPresent(address -> all.putIfAbsent(address, workload));
        }
      }
    }
    present = all;
    return all;
  }

  @Override
  public void close() {
    offers.close();
    synchronized (this) {
      flows.forEach(Subscription::close);
      flows.clear();
      catalogs.clear();
      present = null;
    }
  }
}

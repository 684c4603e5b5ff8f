package dev.tenon.spi.model;

import java.util.Map;

/**
 * One registry's whole view at one moment. Values are shared between successive catalogs: a service
 * that did not change is the same object or an equal one, so that consumers do work in proportion to
 * what differs.
 *
 * @param services by name
 * @param workloads by {@link Workload#key()}
 */
public record Catalog(Map<ServiceName, Service> services, Map<String, Workload> workloads) {
  /** Nothing registered. */
  public static final Catalog EMPTY = new Catalog(Map.of(), Map.of());

  public Catalog {
    services = Map.copyOf(services);
    workloads = Map.copyOf(workloads);
  }
}

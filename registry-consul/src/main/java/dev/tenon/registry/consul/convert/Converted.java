package dev.tenon.registry.consul.convert;

import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.Workload;
import java.util.List;

/**
 * What became of one of Consul's services.
 *
 * @param services mostly one; more when its instances name different namespaces
 * @param workloads one for each instance
 * @param refused one line for each instance that cannot be used
 */
public record Converted(List<Service> services, List<Workload> workloads, List<String> refused) {
  /** Nothing of it can be used, or it is gone. */
  public static final Converted NOTHING = new Converted(List.of(), List.of(), List.of());

  public Converted {
    services = List.copyOf(services);
    workloads = List.copyOf(workloads);
    refused = List.copyOf(refused);
  }
}

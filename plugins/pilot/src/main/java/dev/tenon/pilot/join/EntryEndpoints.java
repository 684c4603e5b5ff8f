package dev.tenon.pilot.join;

import dev.tenon.pilot.join.Contribution.Entered;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.rules.ServiceEntry.Resolution;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.WorkloadEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who answers for a ServiceEntry: inline endpoints, what its selector selects, or the host itself. */
final class EntryEndpoints {
  private EntryEndpoints() {}

  static List<Endpoint> of(Entered entered, String host) {
    ServiceEntry entry = entered.entry();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Port port : entry.ports()) {
      for (WorkloadEntry.Spec spec : Stream.concat(entry.endpoints().stream(), entered.entries().stream()).toList()) {
        addresses(entered, spec.address()).forEach(each -> endpoints.add(written(entry, port, spec, each)));
      }
      entered.workloads().forEach(workload -> endpoints.add(registered(entry, port, workload)));
    }
    boolean itself = entry.endpoints().isEmpty() && entry.workloadSelector().isEmpty();
    if (itself && entry.resolution() == Resolution.DNS) {
      for (Port port : entry.ports()) {
        addresses(entered, host).forEach(each -> endpoints.add(itself(entry, port, each)));
      }
    }
    return endpoints;
  }

  /** An address is its own; a host name has those that are known, which may be none. */
  private static List<String> addresses(Entered entered, String written) {
    return Names.ipAddress(written).isPresent()
        ? List.of(written)
        : entered.addresses().getOrDefault(written, List.of());
  }

  private static Endpoint written(
      ServiceEntry entry, Port port, WorkloadEntry.Spec spec, String address) {
    Integer own = spec.ports().get(port.name());
    return new Endpoint(
        port.number(),
        address,
        own != null ? own : targetPort(entry, port),
        spec.labels(),
        Math.max(1, spec.weight()),
        Health.HEALTHY,
        spec.locality(),
        spec.serviceAccount());
  }

  private static Endpoint registered(ServiceEntry entry, Port port, Workload workload) {
    int listens =
        workload.ports().stream()
            .filter(each -> each.servicePort() == port.number())
            .mapToInt(WorkloadPort::listenPort)
            .findFirst()
            .orElse(workload.entryPorts().getOrDefault(port.name(), targetPort(entry, port)));
    return new Endpoint(
        port.number(),
        workload.address(),
        listens,
        workload.labels(),
        workload.weight(),
        workload.condition().health(),
        workload.locality(),
        workload.serviceAccount());
  }

  private static Endpoint itself(ServiceEntry entry, Port port, String address) {
    return new Endpoint(
        port.number(), address, targetPort(entry, port), Map.of(), 1, Health.HEALTHY, Locality.NONE, "");
  }

  private static int targetPort(ServiceEntry entry, Port port) {
    return entry.targetPorts().getOrDefault(port.number(), port.number());
  }
}

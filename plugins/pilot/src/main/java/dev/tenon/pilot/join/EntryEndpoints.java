package dev.tenon.pilot.join;

import dev.tenon.pilot.join.Contribution.Entered;
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

/** Who answers for a ServiceEntry: inline endpoints, what its selector selects, or the host itself. */
final class EntryEndpoints {
  private EntryEndpoints() {}

  static List<Endpoint> of(Entered entered, String host) {
    ServiceEntry entry = entered.entry();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Port port : entry.ports()) {
      entry.endpoints().forEach(spec -> endpoints.add(written(entry, port, spec)));
      entered.entries().forEach(spec -> endpoints.add(written(entry, port, spec)));
      entered.workloads().forEach(workload -> endpoints.add(registered(entry, port, workload)));
    }
    if (endpoints.isEmpty() && entry.resolution() == Resolution.DNS && !host.startsWith("*")) {
      entry.ports().forEach(port -> endpoints.add(itself(entry, port, host)));
    }
    return endpoints;
  }

  private static Endpoint written(ServiceEntry entry, Port port, WorkloadEntry.Spec spec) {
    Integer own = spec.ports().get(port.name());
    return new Endpoint(
        port.number(),
        spec.address(),
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
            .orElse(targetPort(entry, port));
    return new Endpoint(
        port.number(),
        workload.address(),
        listens,
        workload.labels(),
        1,
        Health.HEALTHY,
        workload.locality(),
        workload.serviceAccount());
  }

  private static Endpoint itself(ServiceEntry entry, Port port, String host) {
    return new Endpoint(
        port.number(), host, targetPort(entry, port), Map.of(), 1, Health.HEALTHY, Locality.NONE, "");
  }

  private static int targetPort(ServiceEntry entry, Port port) {
    return entry.targetPorts().getOrDefault(port.number(), port.number());
  }
}

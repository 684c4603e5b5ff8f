package dev.tenon.registry.vm.publish;

import dev.tenon.registry.vm.accept.Registrant;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One service made of the workloads that answer for it: a pure function of them and their order. */
final class Grouping {
  private final ServiceName name;
  private final Map<Integer, Protocol> ports = new TreeMap<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Set<String> addresses = new HashSet<>();
  private final List<String> warnings = new ArrayList<>();

  private Grouping(ServiceName name) {
    this.name = name;
  }

  /** A service, and what an operator should know about how it came together. */
  record Grouped(Service service, List<String> warnings) {}

  /** Groups registrants; where two disagree the first one wins. */
  static Grouped group(ServiceName name, Iterable<Registrant> registrants) {
    Grouping grouping = new Grouping(name);
    for (Registrant registrant : registrants) {
      grouping.add(registrant);
    }
    List<Port> ports =
        grouping.ports.entrySet().stream()
            .map(each -> new Port(each.getKey(), portName(each.getValue(), each.getKey()), each.getValue()))
            .toList();
    Service service = new Service(name, List.of(), ports, Map.of(), grouping.endpoints);
    return new Grouped(service, grouping.warnings);
  }

  static String portName(Protocol protocol, int number) {
    return protocol.name().toLowerCase(Locale.ROOT) + "-" + number;
  }

  private void add(Registrant registrant) {
    Workload workload = registrant.workload();
    for (int index = 0; index < workload.ports().size(); index++) {
      WorkloadPort port = workload.ports().get(index);
      if (port.service().equals(name)) {
        add(workload, port, registrant.weights().get(index));
      }
    }
  }

  private void add(Workload workload, WorkloadPort port, int weight) {
    Protocol agreed = ports.putIfAbsent(port.servicePort(), port.protocol());
    if (agreed != null && agreed != port.protocol()) {
      warnings.add(
          "port " + port.servicePort() + " of " + name + " is " + agreed + "; " + workload.key() + " says "
              + port.protocol() + " and is left out until they agree");
      return;
    }
    if (!addresses.add(port.servicePort() + " " + workload.address() + " " + port.listenPort())) {
      warnings.add(
          workload.key() + " answers for " + name + " at " + workload.address() + " port " + port.listenPort()
              + " as another workload does; it is listed once");
      return;
    }
    endpoints.add(
        new Endpoint(
            port.servicePort(), workload.address(), port.listenPort(), workload.labels(), weight,
            workload.condition().health(), workload.locality(), workload.serviceAccount()));
  }
}

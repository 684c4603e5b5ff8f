package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.ServiceConflict;
import dev.tenon.wire.admin.v1.ServiceEndpoint;
import dev.tenon.wire.admin.v1.ServiceStatus;
import dev.tenon.wire.admin.v1.ServicesRequest;
import dev.tenon.wire.admin.v1.ServicesResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon services}: every service of the mesh, and what its registries do not agree on. */
@Command(name = "services", description = "Shows the services of the mesh: host, aliases, who says so, ports, endpoints.")
public final class ServicesCommand implements Callable<Integer> {
  @Option(names = {"-n", "--namespace"}, paramLabel = "NAME", defaultValue = "", description = "One namespace; all when left out.")
  private String namespace = "";

  @Option(names = "--conflicts", description = "Only what registries and ServiceEntries do not agree on, and who is believed.")
  private boolean conflicts;

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      ServicesResponse response = socket.mesh().services(ServicesRequest.newBuilder().setNamespace(namespace).build());
      if (conflicts) {
        format.print(System.out, List.of("subject", "believed", "other", "conflict"),
            response.getConflictsList().stream().map(ServicesCommand::conflict).toList());
      } else if (format == Format.table) {
        format.print(System.out, List.of("service", "registries", "ports", "endpoints", "aliases"),
            response.getServicesList().stream().map(each -> line(each, response.getPanicThreshold())).toList());
      } else {
        format.print(System.out, response.getServicesList().stream().map(ServicesCommand::service).toList());
      }
      return 0;
    }
  }

  private static Map<String, Object> conflict(ServiceConflict conflict) {
    return Row.of(
        "subject", conflict.getSubject(),
        "believed", conflict.getBelieved(),
        "other", conflict.getOther(),
        "conflict", conflict.getMessage());
  }

  private static Map<String, Object> line(ServiceStatus service, int threshold) {
    Map<String, Object> row = new LinkedHashMap<>();
    long well = service.getEndpointsList().stream().filter(each -> each.getHealth().equals("healthy")).count();
    row.put("service", service.getHost());
    row.put("registries", String.join(", ", service.getSourcesList()));
    row.put("ports", String.join(" ", ports(service)));
    String panic = service.getPanickingPortsCount() == 0 ? "" : ", all called (below " + threshold + " %)";
    row.put("endpoints", well == service.getEndpointsCount() ? well : well + " of " + service.getEndpointsCount() + " healthy" + panic);
    row.put("aliases", String.join(" ", service.getAliasesList()));
    return row;
  }

  private static List<String> ports(ServiceStatus service) {
    return service.getPortsList().stream().map(each -> each.getNumber() + "/" + each.getProtocol()).toList();
  }

  private static Map<String, Object> service(ServiceStatus service) {
    return Row.of(
        "host", service.getHost(),
        "namespace", service.getNamespace(),
        "aliases", service.getAliasesList(),
        "registries", service.getSourcesList(),
        "ports", ports(service),
        "panickingPorts", service.getPanickingPortsList(),
        "endpoints", service.getEndpointsList().stream().map(ServicesCommand::endpoint).toList());
  }

  private static Map<String, Object> endpoint(ServiceEndpoint endpoint) {
    return Row.of(
        "servicePort", endpoint.getServicePort(),
        "address", endpoint.getAddress(),
        "port", endpoint.getPort(),
        "health", endpoint.getHealth(),
        "weight", endpoint.getWeight(),
        "region", endpoint.getRegion(),
        "labels", endpoint.getLabelsMap());
  }
}

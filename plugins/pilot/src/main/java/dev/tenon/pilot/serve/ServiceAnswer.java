package dev.tenon.pilot.serve;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.pilot.translate.Panic;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.wire.admin.v1.ServiceConflict;
import dev.tenon.wire.admin.v1.ServiceEndpoint;
import dev.tenon.wire.admin.v1.ServicePort;
import dev.tenon.wire.admin.v1.ServiceStatus;
import dev.tenon.wire.admin.v1.ServicesResponse;
import java.util.List;
import java.util.Locale;

/** The services of a mesh as operators are told of them. */
final class ServiceAnswer {
  private ServiceAnswer() {}

  /**
   * Those of one namespace.
   *
   * @param namespace empty for all
   */
  static ServicesResponse of(Mesh mesh, String namespace, Panic panic) {
    ServicesResponse.Builder response = ServicesResponse.newBuilder().setPanicThreshold(panic.threshold());
    mesh.topology().shapes().forEach((key, shape) -> {
      if (namespace.isEmpty() || namespace.equals(key.namespace())) {
        ServiceStatus.Builder service = service(shape).addAllSources(mesh.origins().sources().getOrDefault(key, List.of()));
        mesh.endpointsOf(key).forEach(each -> service.addEndpoints(endpoint(each)));
        Ailing.byPort(mesh.endpointsOf(key)).forEach((port, tally) -> {
          if (panic.at(tally[0], tally[1])) {
            service.addPanickingPorts(port);
          }
        });
        response.addServices(service);
      }
    });
    mesh.origins().conflicts().forEach(each -> response.addConflicts(ServiceConflict.newBuilder().setSubject(each.subject())
        .setBelieved(each.believed()).setOther(each.other()).setMessage(each.message())));
    return response.build();
  }

  private static ServiceStatus.Builder service(Shape shape) {
    ServiceStatus.Builder service =
        ServiceStatus.newBuilder().setHost(shape.host()).setNamespace(shape.namespace()).addAllAliases(shape.aliases());
    shape.ports().forEach(each -> service.addPorts(
        ServicePort.newBuilder().setNumber(each.number()).setProtocol(lower(each.protocol()))));
    return service;
  }

  private static ServiceEndpoint endpoint(Endpoint endpoint) {
    return ServiceEndpoint.newBuilder().setServicePort(endpoint.servicePort()).setAddress(endpoint.address()).setPort(endpoint.port())
        .putAllLabels(endpoint.labels()).setWeight(endpoint.weight()).setHealth(lower(endpoint.health()))
        .setRegion(endpoint.locality().region()).build();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}

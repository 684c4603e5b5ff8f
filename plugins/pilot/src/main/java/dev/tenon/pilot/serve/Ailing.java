package dev.tenon.pilot.serve;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.translate.Panic;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.wire.admin.v1.ServiceHealth;
import dev.tenon.wire.admin.v1.WorkloadHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What in a mesh is not well, for an operator. */
final class Ailing {
  private Ailing() {}

  /** Workloads that are not healthy, and why. */
  static List<WorkloadHealth> workloads(Mesh mesh) {
    return mesh.workloads().values().stream()
        .filter(each -> each.condition().health() != Health.HEALTHY)
        .map(
            each ->
                WorkloadHealth.newBuilder()
                    .setWorkload(each.key())
                    .setHealth(each.condition().health().name().toLowerCase(Locale.ROOT))
                    .setReason(each.condition().reason())
                    .build())
        .toList();
  }

  /** Ports of services whose unhealthy endpoints are called too. */
  static List<ServiceHealth> panicking(Mesh mesh, Panic panic) {
    List<ServiceHealth> all = new ArrayList<>();
    mesh.endpoints()
        .forEach(
            (service, endpoints) ->
                byPort(endpoints)
                    .forEach(
                        (port, tally) -> {
                          if (panic.at(tally[0], tally[1])) {
                            all.add(
                                ServiceHealth.newBuilder()
                                    .setHost(service.host())
                                    .setPort(port)
                                    .setHealthy(tally[0])
                                    .setEndpoints(tally[1])
                                    .build());
                          }
                        }));
    return all;
  }

  /** How many are healthy, and how many are told of, by service port. */
  static Map<Integer, int[]> byPort(List<Endpoint> endpoints) {
    Map<Integer, int[]> tallies = new TreeMap<>();
    for (Endpoint endpoint : endpoints) {
      int[] tally = tallies.computeIfAbsent(endpoint.servicePort(), _ -> new int[2]);
      tally[0] += endpoint.health() == Health.HEALTHY ? 1 : 0;
      tally[1] += Panic.isTold(endpoint.health()) ? 1 : 0;
    }
    return tallies;
  }
}

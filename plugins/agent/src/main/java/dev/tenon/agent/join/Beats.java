package dev.tenon.agent.join;

import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Health;
import dev.tenon.wire.registration.v1.Port;
import java.time.Duration;

/** Writes beats that say who the workload is. */
final class Beats {
  private Beats() {}

  static Beat registering(Entrant entrant, String leaseId, Duration timeToLive, Condition condition) {
    return Beat.newBuilder()
        .setWorkload(workload(entrant))
        .setLeaseId(leaseId)
        .setHealth(health(condition.health()))
        .setHealthReason(condition.reason())
        .setTimeToLive(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(timeToLive.getSeconds())
                .setNanos(timeToLive.getNano()))
        .build();
  }

  private static Health health(dev.tenon.spi.model.Health health) {
    return switch (health) {
      case HEALTHY -> Health.HEALTHY;
      case STARTING -> Health.STARTING;
      case UNHEALTHY -> Health.UNHEALTHY;
      case DRAINING -> Health.DRAINING;
    };
  }

  private static dev.tenon.wire.registration.v1.Workload workload(Entrant entrant) {
    Workload workload = entrant.workload();
    var written =
        dev.tenon.wire.registration.v1.Workload.newBuilder()
            .setName(workload.name())
            .setNamespace(workload.namespace())
            .setNetwork(workload.network())
            .setAddress(workload.address())
            .putAllLabels(workload.labels())
            .setServiceAccount(workload.serviceAccount())
            .setRegion(workload.locality().region())
            .setZone(workload.locality().zone())
            .setSubZone(workload.locality().subZone())
            .setGroup(entrant.group());
    for (int index = 0; index < workload.ports().size(); index++) {
      written.addPorts(port(workload.ports().get(index), entrant.weights().get(index)));
    }
    return written.build();
  }

  private static Port port(WorkloadPort port, int weight) {
    return Port.newBuilder()
        .setService(port.service().name())
        .setServiceNamespace(port.service().namespace())
        .setServicePort(port.servicePort())
        .setProtocol(port.protocol().name())
        .setListenPort(port.listenPort())
        .setApplication(port.application())
        .setWeight(weight)
        .build();
  }
}

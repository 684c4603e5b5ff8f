package dev.tenon.registry.vm.accept;

import com.google.protobuf.TextFormat;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Port;
import java.time.Duration;

/** Writes the beat that {@link BeatReader} would read as a given registration. */
public final class BeatWriter {
  private BeatWriter() {}

  /** The whole registration as one beat. */
  static Beat write(String leaseId, Registrant registrant, Duration timeToLive, boolean standing) {
    return Beat.newBuilder()
        .setStanding(standing)
        .setLeaseId(leaseId)
        .setTimeToLive(duration(timeToLive))
        .setWorkload(workload(registrant))
        .setHealth(health(registrant.workload().condition().health()))
        .setHealthReason(registrant.workload().condition().reason())
        .build();
  }

  /** The same in protobuf's text form, for {@link BeatReader#read(String)}. */
  public static String text(String leaseId, Registrant registrant, Duration timeToLive, boolean standing) {
    return TextFormat.printer().printToString(write(leaseId, registrant, timeToLive, standing));
  }

  private static dev.tenon.wire.registration.v1.Health health(Health health) {
    return switch (health) {
      case HEALTHY -> dev.tenon.wire.registration.v1.Health.HEALTHY;
      case STARTING -> dev.tenon.wire.registration.v1.Health.STARTING;
      case UNHEALTHY -> dev.tenon.wire.registration.v1.Health.UNHEALTHY;
      case DRAINING -> dev.tenon.wire.registration.v1.Health.DRAINING;
    };
  }

  static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static dev.tenon.wire.registration.v1.Workload workload(Registrant registrant) {
    Workload workload = registrant.workload();
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
            .setGroup(registrant.group());
    for (int index = 0; index < workload.ports().size(); index++) {
      written.addPorts(port(workload.ports().get(index), registrant.weights().get(index)));
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

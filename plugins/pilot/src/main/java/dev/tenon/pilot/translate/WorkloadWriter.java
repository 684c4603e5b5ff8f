package dev.tenon.pilot.translate;

import dev.tenon.spi.model.Workload;

/** Writes who calls and answers from an address, as a resource of Tenon's own. */
final class WorkloadWriter {
  private WorkloadWriter() {}

  /** {@code network/address}. */
  static String name(Workload workload) {
    return workload.network() + "/" + workload.address();
  }

  static Resource workload(Workload workload) {
    return Packing.resource(
        name(workload),
        dev.tenon.wire.workload.v1.Workload.newBuilder()
            .setName(workload.name())
            .setNamespace(workload.namespace())
            .setNetwork(workload.network())
            .setAddress(workload.address())
            .putAllLabels(workload.labels())
            .setServiceAccount(workload.serviceAccount())
            .setRegion(workload.locality().region())
            .setZone(workload.locality().zone())
            .setSubZone(workload.locality().subZone())
            .setOwner(workload.belonging().owner())
            .setHost(workload.belonging().host())
            .build());
  }
}

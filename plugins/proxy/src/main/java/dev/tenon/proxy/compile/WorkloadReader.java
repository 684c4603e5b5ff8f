package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.spi.model.Belonging;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import java.util.List;

/** Reads who lives at an address. What it says more than that does not concern this proxy. Pure. */
public final class WorkloadReader {
  private static final int MOST_LABELS = 1000;

  private WorkloadReader() {}

  /** Reads the bytes of a {@code dev.tenon.workload.v1.Workload}. */
  public static Compilation<Workload> read(ByteString bytes) {
    return Unusable.attempt(() -> workload(dev.tenon.wire.workload.v1.Workload.parseFrom(bytes)));
  }

  private static Workload workload(dev.tenon.wire.workload.v1.Workload workload) {
    Values.ip(workload.getAddress());
    if (workload.getLabelsCount() > MOST_LABELS) {
      throw new Unusable("labels", "more than " + MOST_LABELS + " are refused");
    }
    return new Workload(
        workload.getName(),
        workload.getNamespace(),
        workload.getNetwork(),
        workload.getAddress(),
        workload.getLabelsMap(),
        new Locality(workload.getRegion(), workload.getZone(), workload.getSubZone()),
        workload.getServiceAccount(),
        List.of()).of(belonging(workload));
  }

  private static Belonging belonging(dev.tenon.wire.workload.v1.Workload workload) {
    if (!workload.getHost().isEmpty()) {
      Values.ip(workload.getHost());
    }
    return workload.getOwner().isEmpty() && workload.getHost().isEmpty()
        ? Belonging.NONE
        : new Belonging(workload.getOwner(), workload.getHost());
  }
}

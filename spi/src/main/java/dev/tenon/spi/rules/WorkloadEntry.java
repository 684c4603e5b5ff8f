package dev.tenon.spi.rules;

import dev.tenon.spi.model.Locality;
import java.util.Map;

/** A workload written down by hand; Istio's {@code WorkloadEntry}. */
public record WorkloadEntry(Meta meta, Spec spec) {
  /**
   * The entry itself, as it stands inline in a ServiceEntry too.
   *
   * @param address an IP address, or a host name where the resolution is DNS
   * @param ports endpoint port by port name
   * @param weight at least 1
   */
  public record Spec(
      String address,
      Map<String, Integer> ports,
      Map<String, String> labels,
      String network,
      Locality locality,
      int weight,
      String serviceAccount) {
    public Spec {
      ports = Map.copyOf(ports);
      labels = Map.copyOf(labels);
    }
  }
}

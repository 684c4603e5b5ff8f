package dev.tenon.spi.traffic;

import dev.tenon.spi.model.Locality;
import java.util.Map;

/**
 * One endpoint.
 *
 * @param address an IP address in text form
 * @param port 1 to 65535
 * @param weight share among its peers, at least 1
 * @param locality where it is
 * @param labels of its workload
 */
public record Host(String address, int port, int weight, Locality locality, Map<String, String> labels) {
  public Host {
    labels = Map.copyOf(labels);
  }
}

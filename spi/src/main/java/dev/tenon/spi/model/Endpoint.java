package dev.tenon.spi.model;

import java.util.Map;

/**
 * One address that answers for one port of a service.
 *
 * @param servicePort the number of the service's {@link Port} that this endpoint answers for
 * @param address an IP address in text form, or a DNS name that the control plane looks up: proxies are given
 *     addresses alone
 * @param port where it listens, 1 to 65535
 * @param labels what subsets select by
 * @param weight share among its peers, at least 1
 * @param health whether it may be called
 * @param locality where it is
 * @param serviceAccount whose identity the callers should expect, or empty
 */
public record Endpoint(
    int servicePort,
    String address,
    int port,
    Map<String, String> labels,
    int weight,
    Health health,
    Locality locality,
    String serviceAccount) {
  public Endpoint {
    labels = Map.copyOf(labels);
  }
}

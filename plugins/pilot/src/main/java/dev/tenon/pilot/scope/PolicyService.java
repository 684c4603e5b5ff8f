package dev.tenon.pilot.scope;

import java.time.Duration;
import java.util.List;

/**
 * Where proxies that are not Tenon's have policy judged.
 *
 * @param addresses of the service and its replicas, {@code address:port}, on this machine: an Envoy elsewhere names a cluster
 *     of its own
 * @param deadline how long one of its answers is waited for
 */
public record PolicyService(List<String> addresses, Duration deadline) {
  /** Its name in an Envoy that has no cluster of its own for it. */
  public static final String CLUSTER = "tenon-policy";

  /** The control plane's usual address. */
  public static final PolicyService USUAL = new PolicyService(List.of("127.0.0.1:15010"), Duration.ofMillis(1500));

  public PolicyService {
    addresses = List.copyOf(addresses);
  }
}

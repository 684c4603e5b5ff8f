package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.ServiceKey;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import java.util.Map;

/**
 * One port of a service, or of a subset of it, as a proxy calls it.
 *
 * @param service whose endpoints
 * @param port the service's port number
 * @param protocol what is spoken
 * @param subset its name; empty for all endpoints
 * @param labels what the subset's endpoints carry
 * @param policy how it is called
 */
public record ClusterPlan(
    ServiceKey service,
    int port,
    Protocol protocol,
    String subset,
    Map<String, String> labels,
    TrafficPolicy policy) {
  public ClusterPlan {
    labels = Map.copyOf(labels);
  }

  /** The cluster's name, as Istio has it. */
  public String name() {
    return name(port, subset, service.host());
  }

  /** How clusters are named, whether there is such a one or not. */
  public static String name(int port, String subset, String host) {
    return "outbound|" + port + "|" + subset + "|" + host;
  }
}

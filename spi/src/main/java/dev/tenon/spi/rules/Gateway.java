package dev.tenon.spi.rules;

import dev.tenon.spi.model.Protocol;
import java.util.List;
import java.util.Map;

/**
 * Ports that some proxies open to callers outside; Istio's {@code Gateway}.
 *
 * @param selector labels of the workloads that serve it
 */
public record Gateway(Meta meta, Map<String, String> selector, List<Server> servers) {
  public Gateway {
    selector = Map.copyOf(selector);
    servers = List.copyOf(servers);
  }

  /**
   * One port.
   *
   * @param bind an IP address, or empty for the workload's own
   * @param hosts {@code [namespace/]host}, host full or wildcard
   */
  public record Server(int port, String portName, Protocol protocol, String bind, List<String> hosts) {
    public Server {
      hosts = List.copyOf(hosts);
    }
  }
}

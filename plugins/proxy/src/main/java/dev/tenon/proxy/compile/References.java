package dev.tenon.proxy.compile;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Which clusters a route table sends requests to. */
final class References {
  private References() {}

  /** The names of all clusters that some tables refer to. */
  static Set<String> clusters(Collection<RouteTable> tables) {
    Set<String> names = new HashSet<>();
    for (RouteTable table : tables) {
      for (VirtualHost host : table.hosts()) {
        for (Route route : host.routes()) {
          if (route.action() instanceof RouteAction.Forward forward) {
            forward.clusters().forEach(cluster -> names.add(cluster.cluster()));
          }
        }
      }
    }
    return names;
  }
}

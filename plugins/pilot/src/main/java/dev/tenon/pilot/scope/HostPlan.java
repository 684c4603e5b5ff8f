package dev.tenon.pilot.scope;

import java.util.List;

/**
 * What happens to requests for some names.
 *
 * @param name unique in its table
 * @param domains as a request's authority has them, unique in their table, in lower case
 * @param routes in order, the first that matches wins
 */
public record HostPlan(String name, List<String> domains, List<RoutePlan> routes) {
  public HostPlan {
    domains = List.copyOf(domains);
    routes = List.copyOf(routes);
  }
}

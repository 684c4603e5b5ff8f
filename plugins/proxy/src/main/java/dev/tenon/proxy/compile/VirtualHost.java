package dev.tenon.proxy.compile;

import java.util.List;

/**
 * Routes of some domains, in order; the first that matches wins.
 *
 * @param domains exact, {@code *.suffix}, {@code prefix.*} or {@code *}
 */
public record VirtualHost(String name, List<String> domains, List<Route> routes) {
  public VirtualHost {
    domains = List.copyOf(domains);
    routes = List.copyOf(routes);
  }
}

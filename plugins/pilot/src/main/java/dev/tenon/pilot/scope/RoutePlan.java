package dev.tenon.pilot.scope;

import dev.tenon.spi.rules.VirtualService.HttpRoute;
import java.util.List;

/**
 * One route with all names resolved.
 *
 * @param route the rule's own words; of its matches only those that this proxy can meet here, without
 *     their conditions on source, port and gateway, which have been decided
 * @param clusters where each of its destinations leads, in their order; empty when it does not forward
 */
public record RoutePlan(HttpRoute route, List<String> clusters) {
  public RoutePlan {
    clusters = List.copyOf(clusters);
  }
}

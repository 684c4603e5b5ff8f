package dev.tenon.proxy.compile;

import java.util.Optional;

/**
 * What is done with the requests that match.
 *
 * @param name for logs; may be empty
 * @param request changes to the request's head: the route's own, then its virtual host's, then its
 *     table's, already put together in that order
 * @param response changes to the answer's head, likewise
 * @param fault trouble made on purpose; carried out only where the listener has the fault filter
 */
public record Route(
    String name,
    RouteMatch match,
    RouteAction action,
    HeaderOps request,
    HeaderOps response,
    Optional<FaultSpec> fault) {
  /** A route that changes no header. */
  public static Route of(RouteMatch match, RouteAction action) {
    return new Route("", match, action, HeaderOps.NONE, HeaderOps.NONE, Optional.empty());
  }
}

package dev.tenon.proxy.plug;

import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.BalancerFactory;
import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The plug-ins of the request path.
 *
 * @param filters those that look at requests
 * @param balancers those that choose endpoints
 */
public record Plugs(Rack<RequestFilterFactory, RequestFilter> filters, Rack<BalancerFactory, Balancer> balancers)
    implements AutoCloseable {
  /** There are none, and none will come: for tests and rehearsals. */
  public static Plugs none() {
    return of(
        () -> {
          throw new IllegalStateException("no plug-ins come here");
        },
        Limits.DEFAULT,
        () -> CompletableFuture.completedStage(null));
  }

  /**
   * None is installed, and none wanted yet.
   *
   * @param guards asked for when the first plug-in comes
   */
  public static Plugs of(Supplier<Guards> guards, Limits limits, Loops loops) {
    return new Plugs(
        new Rack<>(PlugKind.FILTER, guards, limits, loops), new Rack<>(PlugKind.BALANCER, guards, limits, loops));
  }

  @Override
  public void close() {
    filters.close();
    balancers.close();
  }
}

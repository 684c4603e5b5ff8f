package dev.tenon.proxy.live;

import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.traffic.BalancerFactory;
import dev.tenon.spi.traffic.RequestFilterFactory;
import java.util.List;

/** What other modules and plug-ins lend to requests, as it comes and goes. */
public record Offered(
    Source<List<Offer<PolicyEngine>>> engines,
    Source<List<Offer<RequestFilterFactory>>> filters,
    Source<List<Offer<BalancerFactory>>> balancers) {
  /** All that is offered in this process. */
  public static Offered of(ModuleContext context) {
    return new Offered(
        context.offers(PolicyEngine.class),
        context.offers(RequestFilterFactory.class),
        context.offers(BalancerFactory.class));
  }
}

package dev.tenon.proxy.upstream;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.plug.Rack;
import dev.tenon.proxy.plug.Slot;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.BalancerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where clusters find the plug-ins that balance them.
 *
 * @param here where this proxy runs
 */
public record Plugged(Rack<BalancerFactory, Balancer> balancers, Locality here) {
  /** Who picks for a cluster, the same as before if nothing speaks against it; null: nobody in particular. */
  @SuppressWarnings("ReferenceEquality") // a slot is itself alone
  @Nullable PlugPicker picker(ClusterSpec cluster, @Nullable PlugPicker before) {
    Slot<Balancer> slot = cluster.plug().map(balancers::slot).orElse(null);
    if (slot == null) {
      return null;
    }
    return before != null && before.slot() == slot ? before : new PlugPicker(cluster.name(), slot, here);
  }
}

package dev.tenon.proxy.upstream;

import dev.tenon.proxy.plug.Lease;
import dev.tenon.proxy.plug.Slot;
import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.HostSet;
import dev.tenon.spi.traffic.Picker;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a plug-in which endpoint of a cluster is next: the one place from which balancers are called.
 * Belongs to a cluster of one loop. Keeps a picker as long as its plug-in lies in the slot.
 */
final class PlugPicker {
  /** The plug-in is absent or failed: the standard policy decides. */
  static final int STANDARD = -2;

  private static final Logger LOG = LoggerFactory.getLogger(PlugPicker.class);
  private static final Guard.Call<Balancer, HostSet, Object> MAKE = (balancer, hosts) -> balancer.picker(hosts);
  private static final Guard.Call<Picker, PickView, Object> PICK = (picker, view) -> view.picked(picker.pick(view));

  private final String cluster;
  private final Slot<Balancer> slot;
  private final Locality here;
  private Host[] candidates = {};
  private @Nullable Lease<Balancer> lease;
  private @Nullable Picker picker;
  private boolean well = true;

  PlugPicker(String cluster, Slot<Balancer> slot, Locality here) {
    this.cluster = cluster;
    this.slot = slot;
    this.here = here;
  }

  Slot<Balancer> slot() {
    return slot;
  }

  /** From now on it is picked among these. */
  void among(Host[] hosts) {
    candidates = hosts;
    lease = null;
    picker = null;
    look();
  }

  /** Drops the picker of a plug-in that is gone, and has one made by the plug-in that is there. */
  @SuppressWarnings("ReferenceEquality") // a lease is itself alone
  void look() {
    Lease<Balancer> present = slot.lease();
    if (present == lease) {
      return;
    }
    lease = present;
    picker = null;
    if (present != null && candidates.length > 0) {
      Object made = present.guard().call(MAKE, present.plug(), hosts(), trouble -> trouble);
      if (made instanceof Picker one) {
        picker = one;
      } else {
        said(false, "makes no picker");
      }
    }
  }

  private HostSet hosts() {
    return new HostSet(cluster, here, Arrays.stream(candidates).map(PlugPicker::told).toList());
  }

  private static dev.tenon.spi.traffic.Host told(Host host) {
    InetSocketAddress address = host.spec().address();
    return new dev.tenon.spi.traffic.Host(
        address.getAddress().getHostAddress(), address.getPort(), host.spec().weight(), host.spec().locality(), host.spec().labels());
  }

  /** A place among the candidates, {@link Picker#NONE}, or {@link #STANDARD}. */
  int pick(PickView wanted) {
    look();
    Picker by = picker;
    Lease<Balancer> of = lease;
    if (by == null || of == null) {
      return STANDARD;
    }
    wanted.among(candidates);
    Object said = of.guard().call(PICK, by, wanted, trouble -> trouble);
    if (said instanceof Trouble trouble) {
      said(false, trouble.text());
      return STANDARD;
    }
    int picked = wanted.picked();
    if (picked < Picker.NONE || picked >= candidates.length) {
      said(false, "picked host " + picked + " of " + candidates.length);
      return STANDARD;
    }
    said(true, "");
    return picked;
  }

  /** Tells of a change for the worse or the better. */
  private void said(boolean now, String trouble) {
    if (now != well) {
      well = now;
      if (now) {
        LOG.info("cluster {}: the balancer {} picks again", cluster, slot.spec().plugin());
      } else {
        LOG.warn("cluster {}: the balancer {} {}; the standard policy is used", cluster, slot.spec().plugin(), trouble);
      }
    }
  }
}

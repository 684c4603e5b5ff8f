package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.FilterSpec;
import dev.tenon.proxy.compile.PlacedFilters;
import dev.tenon.proxy.plug.Rack;
import dev.tenon.proxy.plug.Slot;
import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plug-ins that requests of one listener meet, each with the slot in which it lies.
 *
 * @param all in their order
 * @param beforePolicy how many of them come before policy
 */
record FilterChain(List<Link> all, int beforePolicy) {
  FilterChain {
    all = List.copyOf(all);
  }

  /**
   * One of them.
   *
   * @param slot null when nobody asked for it
   */
  record Link(FilterSpec spec, @Nullable Slot<RequestFilter> slot) {}

  /** The chain of a listener; null when it has no plug-ins, which costs its requests nothing. */
  static @Nullable FilterChain of(PlacedFilters placed, Rack<RequestFilterFactory, RequestFilter> rack) {
    if (placed.beforePolicy().isEmpty() && placed.afterPolicy().isEmpty()) {
      return null;
    }
    List<Link> all = new ArrayList<>();
    placed.beforePolicy().forEach(each -> all.add(new Link(each, rack.slot(each.plug()))));
    placed.afterPolicy().forEach(each -> all.add(new Link(each, rack.slot(each.plug()))));
    return new FilterChain(all, placed.beforePolicy().size());
  }
}

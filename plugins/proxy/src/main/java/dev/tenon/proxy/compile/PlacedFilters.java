package dev.tenon.proxy.compile;

import dev.tenon.proxy.plug.PlugSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * The plug-ins that look at requests of a listener, each list in the order in which requests meet them.
 *
 * @param beforePolicy policy judges what they have made of a request
 * @param afterPolicy only requests that policy allows come to them
 */
public record PlacedFilters(List<FilterSpec> beforePolicy, List<FilterSpec> afterPolicy) {
  /** There are none. */
  public static final PlacedFilters NONE = new PlacedFilters(List.of(), List.of());

  public PlacedFilters {
    beforePolicy = List.copyOf(beforePolicy);
    afterPolicy = List.copyOf(afterPolicy);
  }

  /** What they want of plug-ins. */
  public Stream<PlugSpec> plugs() {
    return Stream.concat(beforePolicy.stream(), afterPolicy.stream()).map(FilterSpec::plug);
  }
}

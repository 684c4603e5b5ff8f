package dev.tenon.spi.rules;

import dev.tenon.spi.config.Node;
import java.util.Map;

/**
 * Where a plug-in looks at requests; {@code RequestFilter} of {@code extensions.tenon.dev}.
 *
 * @param selector labels of the workloads whose proxies have it; empty: all of the namespace, or of the
 *     mesh when it lies in the root namespace
 * @param mode which requests of such a proxy
 * @param phase where it stands among the other filters
 * @param priority within its phase: the higher comes first
 * @param plugin which factory makes it
 * @param config for that factory
 * @param failOpen whether requests go on without it while it is absent or fails
 */
public record FilterRule(
    Meta meta,
    Map<String, String> selector,
    Mode mode,
    Phase phase,
    int priority,
    String plugin,
    Node.Mapping config,
    boolean failOpen) {
  public FilterRule {
    selector = Map.copyOf(selector);
  }

  /** Which requests pass through a filter. */
  public enum Mode {
    /** Those that come to a workload, or in at a gateway. */
    SERVER,
    /** Those that a workload sends through its sidecar. */
    CLIENT,
    /** Both. */
    CLIENT_AND_SERVER;

    /** Whether requests that come in are meant. */
    public boolean server() {
      return this != CLIENT;
    }

    /** Whether requests that go out are meant. */
    public boolean client() {
      return this != SERVER;
    }
  }

  /** Where a filter stands, in this order; the names are those of Istio's WasmPlugin. */
  public enum Phase {
    /** Before policy judges. */
    AUTHN,
    /** Before policy judges, after those of {@link #AUTHN}. */
    AUTHZ,
    /** After policy has judged. */
    STATS,
    /** Last, before the request is sent on. */
    UNSPECIFIED_PHASE;

    /** Whether policy judges what such a filter has made of a request. */
    public boolean beforePolicy() {
      return this == AUTHN || this == AUTHZ;
    }
  }
}

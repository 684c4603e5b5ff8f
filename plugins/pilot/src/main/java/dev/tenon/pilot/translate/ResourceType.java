package dev.tenon.pilot.translate;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of resource that pilot serves, in the order in which a change is best sent. */
public enum ResourceType {
  CDS("envoy.config.cluster.v3.Cluster", true, false),
  EDS("envoy.config.endpoint.v3.ClusterLoadAssignment", false, false),
  POLICY("dev.tenon.policy.v1.Policy", true, true),
  WORKLOAD("dev.tenon.workload.v1.Workload", true, true),
  LDS("envoy.config.listener.v3.Listener", true, false),
  RDS("envoy.config.route.v3.RouteConfiguration", false, false);

  private final String url;
  private final boolean wildcard;
  private final boolean tenonOnly;

  ResourceType(String message, boolean wildcard, boolean tenonOnly) {
    url = "type.googleapis.com/" + message;
    this.wildcard = wildcard;
    this.tenonOnly = tenonOnly;
  }

  /** How the wire names it. */
  public String url() {
    return url;
  }

  /**
   * Whether to name none means all. Of such a type a state-of-the-world answer holds all there is: what
   * it lacks is removed.
   */
  public boolean isWildcard() {
    return wildcard;
  }

  /** Whether only Tenon's own proxies know it. */
  public boolean isTenonOnly() {
    return tenonOnly;
  }

  /** The type that the wire names so. */
  public static Optional<ResourceType> of(String url) {
    return Arrays.stream(values()).filter(type -> type.url.equals(url)).findFirst();
  }
}

package dev.tenon.proxy.subscribe;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of resource that the proxy subscribes to, in the order in which it asks for them. */
public enum Kind {
  CLUSTERS("type.googleapis.com/envoy.config.cluster.v3.Cluster", true),
  ENDPOINTS("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", false),
  LISTENERS("type.googleapis.com/envoy.config.listener.v3.Listener", true),
  ROUTES("type.googleapis.com/envoy.config.route.v3.RouteConfiguration", false),
  POLICIES("type.googleapis.com/dev.tenon.policy.v1.Policy", true),
  WORKLOADS("type.googleapis.com/dev.tenon.workload.v1.Workload", true);

  private final String typeUrl;
  private final boolean wildcard;

  Kind(String typeUrl, boolean wildcard) {
    this.typeUrl = typeUrl;
    this.wildcard = wildcard;
  }

  /** How the wire names the kind. */
  public String typeUrl() {
    return typeUrl;
  }

  /** Whether all resources of the kind are wanted; otherwise only those asked for by name. */
  public boolean wildcard() {
    return wildcard;
  }

  /** The kind that a type URL names. */
  public static Optional<Kind> of(String typeUrl) {
    return Arrays.stream(values()).filter(kind -> kind.typeUrl.equals(typeUrl)).findFirst();
  }
}

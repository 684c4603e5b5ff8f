package dev.tenon.pilot.translate;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;

/**
 * One resource, ready to be sent.
 *
 * @param name unique among its type
 * @param version a hash of its content: equal content has an equal version, in every process
 * @param body the content
 */
public record Resource(String name, String version, Any body) {
  /** What says that nobody answers for a cluster. */
  public static Resource withoutEndpoints(String cluster) {
    return Packing.resource(
        cluster, ClusterLoadAssignment.newBuilder().setClusterName(cluster).build());
  }

  /** The version says it all, and is quick to compare. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Resource resource
        && resource.name.equals(name)
        && resource.version.equals(version);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + version.hashCode();
  }
}

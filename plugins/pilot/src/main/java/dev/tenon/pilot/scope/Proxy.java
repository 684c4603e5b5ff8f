package dev.tenon.pilot.scope;

import java.util.Map;

/**
 * Who asks for configuration, as it says itself.
 *
 * @param id its node id in Istio's form, {@code sidecar~ADDRESS~NAME.NAMESPACE~…}
 * @param kind what it does
 * @param name of its workload
 * @param namespace of its workload
 * @param address of its workload; may be empty
 * @param labels of its workload
 * @param httpProxyPort where a sidecar takes its application's requests
 * @param outboundBind the address of that port
 * @param accessLog path of a log that pilot configures; empty when the proxy sees to it
 * @param policyCluster which of its clusters leads to the policy service, if it needs one; empty when none can
 * @param tenon whether it knows Tenon's own types
 * @param userAgent its name and version
 */
public record Proxy(
    String id,
    Kind kind,
    String name,
    String namespace,
    String address,
    Map<String, String> labels,
    int httpProxyPort,
    String outboundBind,
    String accessLog,
    String policyCluster,
    boolean tenon,
    String userAgent) {
  public Proxy {
    labels = Map.copyOf(labels);
  }

  /** What a proxy does. */
  public enum Kind {
    /** Stands beside one workload. */
    SIDECAR,
    /** Stands at the mesh's edge. */
    GATEWAY
  }

  /** {@code namespace/name}, as a catalog holds its workload. */
  public String workloadKey() {
    return namespace + "/" + name;
  }
}

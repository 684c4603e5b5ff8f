package dev.tenon.proxy.subscribe;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.spi.model.Locality;
import dev.tenon.wire.discovery.v1.Field;
import dev.tenon.wire.discovery.v1.Node;
import dev.tenon.wire.discovery.v1.Place;
import dev.tenon.wire.discovery.v1.Struct;
import dev.tenon.wire.discovery.v1.Value;
import java.util.Map;
import java.util.Set;

/**
 * Who this proxy says it is.
 *
 * @param router whether it is a gateway, not a workload's sidecar
 * @param address of the workload, an IP address in text form
 * @param domain the mesh's DNS domain
 * @param outbound where the outbound HTTP proxy port is bound
 * @param httpProxyPort the outbound HTTP proxy port; 0 when there is none
 * @param version of the distribution
 */
public record NodeIdentity(
    boolean router,
    String name,
    String namespace,
    String address,
    Map<String, String> labels,
    Locality locality,
    String domain,
    String outbound,
    int httpProxyPort,
    String version) {
  /** What {@code user_agent_name} says; the control plane sends its own types only to this one. */
  static final String USER_AGENT = "tenon";

  private static final Set<String> ROUTER_PROFILES = Set.of("gateway", "all-in-one");

  public NodeIdentity {
    labels = Map.copyOf(labels);
  }

  /**
   * Reads what it needs of three sections; finishes none of them, so that errors are the caller's to
   * report with those of the other fields.
   */
  public static NodeIdentity read(ProcessInfo process, Fields workload, Fields mesh, Fields proxy) {
    boolean router = ROUTER_PROFILES.contains(process.profile());
    Locality locality =
        workload
            .mapping("locality")
            .map(each -> new Locality(each.text("region", ""), each.text("zone", ""), each.text("subZone", "")))
            .orElse(Locality.NONE);
    return new NodeIdentity(
        router,
        workload.text("name"),
        workload.text("namespace", "default"),
        workload.text("address", "127.0.0.1"),
        workload.textMap("labels"),
        locality,
        mesh.text("domain", "cluster.local"),
        proxy.text("outbound", "127.0.0.1"),
        proxy.whole("httpProxyPort", 0, 65535).orElse(0L).intValue(),
        process.version());
  }

  /** {@code role~address~name.namespace~namespace.svc.domain}, as Istio's proxies call themselves. */
  public String id() {
    return String.join(
        "~", router ? "router" : "sidecar", address, name + "." + namespace, namespace + ".svc." + domain);
  }

  /** What the first request of a stream carries. */
  Node toNode() {
    return Node.newBuilder()
        .setId(id())
        .setCluster(labels.getOrDefault("app", name) + "." + namespace)
        .setUserAgentName(USER_AGENT)
        .setUserAgentVersion(version)
        .setMetadata(metadata())
        .setLocality(
            Place.newBuilder()
                .setRegion(locality.region())
                .setZone(locality.zone())
                .setSubZone(locality.subZone()))
        .build();
  }

  private Struct metadata() {
    Struct.Builder labelled = Struct.newBuilder();
    labels.forEach((key, value) -> labelled.addFields(field(key, text(value))));
    Struct.Builder metadata =
        Struct.newBuilder()
            .addFields(field("NAME", text(name)))
            .addFields(field("NAMESPACE", text(namespace)))
            .addFields(field("LABELS", Value.newBuilder().setStructValue(labelled)));
    if (httpProxyPort > 0) {
      Field.Builder port = field("proxyHttpPort", Value.newBuilder().setNumberValue(httpProxyPort));
      metadata
          .addFields(field("PROXY_CONFIG", Value.newBuilder().setStructValue(Struct.newBuilder().addFields(port))))
          .addFields(field("TENON_OUTBOUND_BIND", text(outbound)));
    }
    return metadata.build();
  }

  private static Field.Builder field(String key, Value.Builder value) {
    return Field.newBuilder().setKey(key).setValue(value);
  }

  private static Value.Builder text(String value) {
    return Value.newBuilder().setStringValue(value);
  }
}

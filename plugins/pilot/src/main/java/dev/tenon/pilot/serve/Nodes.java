package dev.tenon.pilot.serve;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.trust.HostIdentity;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads who a client says it is: Istio's node id {@code sidecar~ADDRESS~NAME.NAMESPACE~…} and the
 * metadata beside it, which is believed first.
 */
final class Nodes {
  private static final int MOST_CHARACTERS = 1024;
  private static final int MOST_LABELS = 256;
  private static final String LOOPBACK = "127.0.0.1";

  private Nodes() {}

  /**
   * The proxy that a node describes, held against the credential that it came with.
   *
   * @param uris the names in the caller's credential; none where it is on this machine and needs no credential
   * @throws Refusal when it is not the caller's own, or says too little
   */
  static Proxy proxy(Node node, List<String> uris) {
    Proxy proxy = proxy(node, uris.isEmpty());
    Optional<HostIdentity> host = HostIdentity.of(uris);
    if (!uris.isEmpty() && host.filter(each -> each.isOf(proxy.namespace(), proxy.name())).isEmpty()) {
      throw new Refusal(Status.PERMISSION_DENIED.withDescription("the proxy of " + proxy.workloadKey() + " is not the caller's: its credential is"
          + " that of " + host.map(each -> each.namespace() + "/" + each.name()).orElse("no host")));
    }
    return proxy;
  }

  /**
   * The proxy that a node describes.
   *
   * @param local whether it is on this machine
   * @throws Refusal when the id says neither what it is nor of which workload
   */
  private static Proxy proxy(Node node, boolean local) {
    String[] parts = node.getId().split("~", -1);
    if (node.getId().length() > MOST_CHARACTERS || parts.length != 4) {
      throw refusal(node, "must be kind~address~name.namespace~domain");
    }
    Struct metadata = node.getMetadata();
    int dot = parts[2].lastIndexOf('.');
    String name = text(metadata, "NAME", dot < 0 ? parts[2] : parts[2].substring(0, dot));
    String namespace = text(metadata, "NAMESPACE", dot < 0 ? "" : parts[2].substring(dot + 1));
    if (name.isEmpty() || !Names.isDnsLabel(namespace)) {
      throw refusal(node, "names no workload in a namespace");
    }
    Struct config = field(metadata, "PROXY_CONFIG").getStructValue();
    return new Proxy(
        node.getId(),
        kind(node, parts[0]),
        name,
        namespace,
        parts[1],
        labels(field(metadata, "LABELS").getStructValue()),
        port(field(config, "proxyHttpPort")),
        bind(text(metadata, "TENON_OUTBOUND_BIND", LOOPBACK), node),
        text(metadata, "ACCESS_LOG", ""),
        text(metadata, "TENON_POLICY_CLUSTER", local ? PolicyService.CLUSTER : ""),
        node.getUserAgentName().equals("tenon"),
        userAgent(node));
  }

  private static Proxy.Kind kind(Node node, String text) {
    return switch (text) {
      case "sidecar" -> Proxy.Kind.SIDECAR;
      case "router" -> Proxy.Kind.GATEWAY;
      default -> throw refusal(node, "must begin with sidecar~ or router~");
    };
  }

  private static String userAgent(Node node) {
    String version = node.getUserAgentVersion();
    if (node.hasUserAgentBuildVersion()) {
      var number = node.getUserAgentBuildVersion().getVersion();
      version = number.getMajorNumber() + "." + number.getMinorNumber() + "." + number.getPatch();
    }
    return (node.getUserAgentName() + " " + version).strip();
  }

  private static String bind(String address, Node node) {
    if (Names.ipAddress(address).isEmpty()) {
      throw refusal(node, "has a TENON_OUTBOUND_BIND that is no IP address: " + address);
    }
    return address;
  }

  /** Istio writes numbers as text here and there. */
  private static int port(Value value) {
    double number = value.getNumberValue();
    if (value.hasStringValue() && value.getStringValue().matches("[0-9]{1,5}")) {
      number = Integer.parseInt(value.getStringValue());
    }
    return number >= 1 && number <= 65535 ? (int) number : 0;
  }

  private static Map<String, String> labels(Struct struct) {
    Map<String, String> labels = new LinkedHashMap<>();
    struct
        .getFieldsMap()
        .forEach(
            (key, value) -> {
              if (value.hasStringValue() && labels.size() < MOST_LABELS) {
                labels.put(key, value.getStringValue());
              }
            });
    return labels;
  }

  private static String text(Struct struct, String name, String fallback) {
    Value value = field(struct, name);
    return value.hasStringValue() && !value.getStringValue().isEmpty() ? value.getStringValue() : fallback;
  }

  private static Value field(Struct struct, String name) {
    return struct.getFieldsOrDefault(name, Value.getDefaultInstance());
  }

  private static Refusal refusal(Node node, String reason) {
    String id = node.getId().length() > 100 ? node.getId().substring(0, 100) + "…" : node.getId();
    return new Refusal(Status.INVALID_ARGUMENT.withDescription("node id \"" + id + "\" " + reason));
  }
}

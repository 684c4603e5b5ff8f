package dev.tenon.cli.vm;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.trust.HostCredential;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An Envoy bootstrap (envoy.config.bootstrap.v3.Bootstrap): the node as Istio's agents write it, and one cluster, the control plane. The
 * host's certificate comes from a file of secrets that watches the credential, so that Envoy takes a renewed one by itself.
 */
final class EnvoyBootstrap {
  private static final String TYPES = "type.googleapis.com/envoy.extensions.";
  private static final String CLUSTER = "control-plane";

  private final Optional<HostFolder> folder;
  private final String server;
  private final HostFile file;
  private final String domain;

  /**
   * A bootstrap.
   *
   * @param folder of the membership, whose credential is shown; empty beside a control plane on this machine, which asks for none
   * @param domain the mesh's
   */
  EnvoyBootstrap(Optional<HostFolder> folder, String server, HostFile file, String domain) {
    this.folder = folder;
    this.server = server;
    this.file = file;
    this.domain = domain;
  }

  static Path secretsFile(HostFolder folder) {
    return folder.directory().resolve("envoy-credential.json");
  }

  /** What lies in {@link #secretsFile}. */
  static Map<String, Object> secrets(HostFolder folder) {
    HostCredential credential = folder.credential();
    return Map.of("resources", List.of(Map.of(
        "@type", TYPES + "transport_sockets.tls.v3.Secret",
        "name", "host",
        "tls_certificate", Map.of(
            "certificate_chain", file(credential.certificate()),
            "private_key", file(credential.key()),
            "watched_directory", Map.of("path", credential.directory().toString())))));
  }

  private static Map<String, Object> file(Path path) {
    return Map.of("filename", path.toString());
  }

  /** The bootstrap. */
  Map<String, Object> whole() {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("node", node());
    Map<String, Object> ads = Map.of("ads", Map.of(), "resource_api_version", "V3");
    whole.put("dynamic_resources", ordered(
        "ads_config", ordered(
            "api_type", "DELTA_GRPC",
            "transport_api_version", "V3",
            "grpc_services", List.of(Map.of("envoy_grpc", Map.of("cluster_name", CLUSTER)))),
        "cds_config", ads,
        "lds_config", ads));
    whole.put("static_resources", Map.of("clusters", List.of(cluster())));
    return whole;
  }

  private Map<String, Object> node() {
    Workload workload = file.entrant().workload();
    String name = workload.name();
    String namespace = workload.namespace();
    Map<String, String> labels = workload.labels();
    Optional<Fields> proxy = file.proxy();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("NAME", name);
    metadata.put("NAMESPACE", namespace);
    metadata.put("LABELS", labels);
    proxy.flatMap(each -> each.whole("httpProxyPort", 1, 65535))
        .ifPresent(port -> metadata.put("PROXY_CONFIG", Map.of("proxyHttpPort", port)));
    // Where rules of Mixer's select the workload, the policy service is asked by the same cluster and credential.
    metadata.put("TENON_POLICY_CLUSTER", CLUSTER);
    metadata.put("TENON_OUTBOUND_BIND", proxy.flatMap(each -> each.optionalText("outbound")).orElse("127.0.0.1"));
    return ordered(
        "id", "sidecar~" + workload.address() + "~" + name + "." + namespace + "~" + namespace + ".svc." + domain,
        "cluster", labels.getOrDefault("app", name) + "." + namespace,
        "metadata", metadata);
  }

  private Map<String, Object> cluster() {
    int colon = server.lastIndexOf(':');
    String host = server.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
    Map<String, Object> endpoint = Map.of("endpoint", Map.of("address", Map.of("socket_address",
        ordered("address", host, "port_value", Integer.valueOf(server.substring(colon + 1))))));
    Map<String, Object> cluster = ordered(
        "name", CLUSTER,
        "type", Names.ipAddress(host).isPresent() ? "STATIC" : "STRICT_DNS",
        "connect_timeout", "2s",
        "typed_extension_protocol_options", Map.of(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", ordered(
                "@type", TYPES + "upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config", Map.of("http2_protocol_options", Map.of()))),
        "load_assignment", ordered(
            "cluster_name", CLUSTER, "endpoints", List.of(Map.of("lb_endpoints", List.of(endpoint)))));
    folder.ifPresent(each -> cluster.put("transport_socket", Map.of("name", "envoy.transport_sockets.tls", "typed_config", tls(each))));
    return cluster;
  }

  private static Map<String, Object> tls(HostFolder folder) {
    return ordered(
        "@type", TYPES + "transport_sockets.tls.v3.UpstreamTlsContext",
        "sni", HostCredential.SERVER_NAME,
        "common_tls_context", ordered(
            "tls_params", Map.of("tls_minimum_protocol_version", "TLSv1_2"),
            "tls_certificate_sds_secret_configs", List.of(ordered(
                "name", "host",
                "sds_config", ordered(
                    "path_config_source", Map.of("path", secretsFile(folder).toString()),
                    "resource_api_version", "V3"))),
            "validation_context", ordered(
                "trusted_ca", file(folder.credential().authority()),
                "match_typed_subject_alt_names", List.of(ordered(
                    "san_type", "DNS", "matcher", Map.of("exact", HostCredential.SERVER_NAME))))));
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}

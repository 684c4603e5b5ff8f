package dev.tenon.e2e.mesh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real Envoy as the sidecar of a workload: its bootstrap names the control plane and itself, no more. */
public final class EnvoyPeer {
  private EnvoyPeer() {}

  /** The process's name. */
  public static String process(Member member) {
    return "envoy-" + member.name();
  }

  /** Which of the two protocols of ADS it speaks. */
  public enum Protocol {
    GRPC,
    DELTA_GRPC
  }

  /** Starts one. Its access log is {@code envoy-NAME.access.log} in the run directory. */
  public static void start(TestMesh mesh, Path binary, Member member, Protocol protocol) {
    Path config = mesh.written(process(member) + ".yaml", bootstrap(mesh, member, protocol));
    mesh.processes()
        .start(
            process(member),
            List.of(
                binary.toString(), "-c", config.toString(),
                "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning",
                // Else callers' connections go on by a listener's last version for up to ten minutes.
                "--drain-time-s", "1", "--drain-strategy", "immediate"),
            Map.of());
  }

  private static String bootstrap(TestMesh mesh, Member member, Protocol protocol) {
    String[] controlPlane = mesh.controlPlaneAddress().split(":");
    return """
    node:
      id: sidecar~%1$s~%2$s.default~default.svc.cluster.local
      cluster: %3$s.default
      metadata:
        NAME: %2$s
        NAMESPACE: default
        LABELS: {app: %3$s, version: %4$s}
        PROXY_CONFIG: {proxyHttpPort: %5$d}
        TENON_OUTBOUND_BIND: %1$s
        ACCESS_LOG: {path: %6$s}
    dynamic_resources:
      ads_config:
        api_type: %9$s
        transport_api_version: V3
        grpc_services: [{envoy_grpc: {cluster_name: control-plane}}]
      cds_config: {ads: {}, resource_api_version: V3}
      lds_config: {ads: {}, resource_api_version: V3}
    static_resources:
      clusters:
      - name: control-plane
        type: STATIC
        connect_timeout: 1s
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config: {http2_protocol_options: {}}
        load_assignment:
          cluster_name: control-plane
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: %7$s, port_value: %8$s}}}
    """
        .formatted(
            mesh.address(member),
            member.name(),
            member.service(),
            member.version(),
            Member.OUTBOUND_PORT,
            mesh.run(process(member) + ".access.log"),
            controlPlane[0],
            controlPlane[1],
            protocol);
  }
}

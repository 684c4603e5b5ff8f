package dev.tenon.cli.demo;

import java.util.List;

/** Who lives where: Bookinfo's workloads, each on a loopback address of its own, with Istio's usual ports. */
final class Bookinfo {
  static final String CONTROL_PLANE = "127.0.0.1:15010";
  static final String GATEWAY_ADDRESS = "127.0.0.10";
  static final int GATEWAY_PORT = 8080;
  static final int SERVICE_PORT = 9080;
  static final int APPLICATION_PORT = 8080;
  static final int OUTBOUND_PORT = 15002;
  static final int ADMIN_PORT = 15000;

  static final List<Member> MEMBERS =
      List.of(
          new Member("productpage", "v1", "127.0.0.11"),
          new Member("details", "v1", "127.0.0.12"),
          new Member("reviews", "v1", "127.0.0.13"),
          new Member("reviews", "v2", "127.0.0.14"),
          new Member("reviews", "v3", "127.0.0.15"),
          new Member("ratings", "v1", "127.0.0.16"));

  private Bookinfo() {}

  /** One workload: an application and its sidecar. */
  record Member(String service, String version, String address) {
    String name() {
      return service + "-" + version;
    }

    /** What the sidecar's process is told. */
    String sidecarConfig() {
      return """
      # %1$s: its application listens on %3$s:%5$d, callers reach it on %3$s:%4$d.
      kernel: {loops: 1}
      mesh: {controlPlane: "%8$s"}
      workload:
        name: %1$s
        namespace: default
        address: %3$s
        labels: {app: %2$s, version: %9$s}
        serviceAccount: bookinfo-%2$s
        ports:
        - {service: %2$s, port: %4$d, protocol: HTTP, listen: %4$d, application: "%3$s:%5$d"}
      proxy:
        admin: {address: "%3$s:%6$d"}
        httpProxyPort: %7$d
        outbound: %3$s
        buildHeader: %10$b
      """
          .formatted(
              name(),
              service,
              address,
              SERVICE_PORT,
              APPLICATION_PORT,
              ADMIN_PORT,
              OUTBOUND_PORT,
              CONTROL_PLANE,
              version,
              service.equals("productpage"));
    }
  }

  /** What the gateway's process is told. */
  static String gatewayConfig() {
    return """
    kernel: {loops: 1}
    mesh: {controlPlane: "%s"}
    workload:
      name: istio-ingressgateway
      namespace: istio-system
      address: %s
      labels: {istio: ingressgateway, app: istio-ingressgateway}
      ports: []
    proxy:
      admin: {address: "%s:%d"}
    """
        .formatted(CONTROL_PLANE, GATEWAY_ADDRESS, GATEWAY_ADDRESS, ADMIN_PORT);
  }
}

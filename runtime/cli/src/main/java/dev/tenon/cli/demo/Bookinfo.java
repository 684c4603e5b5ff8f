package dev.tenon.cli.demo;

import java.util.List;

/** Who lives where: Bookinfo's workloads, each on a host of its own, with Istio's usual ports. */
final class Bookinfo {
  static final String CONTROL_PLANE = "127.0.0.1:15010";
  static final int GATEWAY_PORT = 8080;
  static final int SERVICE_PORT = 9080;
  static final int APPLICATION_PORT = 8080;
  static final int OUTBOUND_PORT = 15002;
  static final int ADMIN_PORT = 15000;

  static final Member DETAILS = new Member("details", "v1", 3);
  static final Member RATINGS = new Member("ratings", "v1", 7);
  static final List<Member> MEMBERS =
      List.of(
          new Member("productpage", "v1", 2),
          DETAILS,
          new Member("reviews", "v1", 4),
          new Member("reviews", "v2", 5),
          new Member("reviews", "v3", 6),
          RATINGS);

  private Bookinfo() {}

  /**
   * One workload: an application and its sidecar.
   *
   * @param host its number
   */
  record Member(String service, String version, int host) {
    String name() {
      return service + "-" + version;
    }

    /** The process of its sidecar. */
    String sidecar() {
      return "sidecar-" + name();
    }

    /**
     * What the sidecar's process is told of the workload and itself.
     *
     * @param registered whether it answers for the service; else it only carries what the application calls
     */
    String sidecarConfig(Ground ground, boolean registered) {
      String address = ground.address(host);
      String local = ground.local(host);
      String ports =
          "[{service: %1$s, port: %2$d, protocol: HTTP, listen: %2$d, application: \"%3$s:%4$d\"}]"
              .formatted(service, SERVICE_PORT, local, APPLICATION_PORT);
      return """
      kernel: {loops: 1}
      workload:
        name: %1$s
        namespace: default
        address: %2$s
        labels: {app: %3$s, version: %4$s}
        serviceAccount: bookinfo-%3$s
        ports: %5$s
      proxy:
        admin: {address: "%6$s:%7$d"}
        httpProxyPort: %8$d
        outbound: %6$s
        buildHeader: %9$b
      # So many processes on one machine let each other wait.
      mixer: {shared: {deadline: 2s}}
      """
          .formatted(
              registered ? name() : name() + "-client",
              address,
              service,
              version,
              registered ? ports : "[]",
              local,
              ADMIN_PORT,
              OUTBOUND_PORT,
              service.equals("productpage"));
    }
  }

  /** What the gateway's process is told. */
  static String gatewayConfig(Ground ground) {
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
        .formatted(CONTROL_PLANE, ground.address(Ground.CONTROL_PLANE), ground.local(Ground.CONTROL_PLANE), ADMIN_PORT);
  }
}

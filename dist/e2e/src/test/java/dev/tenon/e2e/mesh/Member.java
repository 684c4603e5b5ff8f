package dev.tenon.e2e.mesh;

/**
 * A workload of a mesh: one of Bookinfo's services on an address of its own, with Istio's usual ports.
 *
 * @param service productpage, details, reviews or ratings
 * @param host the last number of its address
 */
public record Member(String service, String version, int host) {
  public static final int SERVICE_PORT = 9080;
  public static final int APPLICATION_PORT = 8080;
  public static final int OUTBOUND_PORT = 15002;
  public static final int ADMIN_PORT = 15000;

  public String name() {
    return service + "-" + version;
  }

  /** The sections that say who this is; what a {@code workload} process reads too. */
  String workloadConfig(String address, String controlPlane) {
    return """
    mesh: {controlPlane: "%5$s"}
    workload:
      name: %1$s
      namespace: default
      address: %3$s
      labels: {app: %2$s, version: %4$s}
      serviceAccount: bookinfo-%2$s
      ports:
      - {service: %2$s, port: %6$d, protocol: HTTP, listen: %6$d, application: "%3$s:%7$d"}
    """
        .formatted(name(), service, address, version, controlPlane, SERVICE_PORT, APPLICATION_PORT);
  }

  String sidecarConfig(String address, String controlPlane) {
    return workloadConfig(address, controlPlane)
        + """
        kernel: {loops: 1}
        proxy:
          admin: {address: "%1$s:%2$d"}
          httpProxyPort: %3$d
          outbound: %1$s
          buildHeader: true
        """
            .formatted(address, ADMIN_PORT, OUTBOUND_PORT);
  }
}

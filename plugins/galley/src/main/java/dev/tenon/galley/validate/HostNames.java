package dev.tenon.galley.validate;

/** How hosts are compared: short names made full, wildcards as Istio's {@code host.Name}. */
final class HostNames {
  private final String suffix;

  /**
   * @param domain the mesh's, for example {@code cluster.local}
   */
  HostNames(String domain) {
    this.suffix = ".svc." + domain;
  }

  /** A short name is a service of the namespace; everything else stands as written. */
  String full(String host, String namespace) {
    return host.indexOf('.') >= 0 || host.startsWith("*") || host.indexOf(':') >= 0
        ? host
        : host + "." + namespace + suffix;
  }

  /** Whether a name is a service's, which the registries know and configuration does not. */
  boolean isService(String full) {
    return full.endsWith(suffix) || full.endsWith(".svc");
  }

  /** Whether some host could be meant by both. */
  static boolean overlap(String one, String other) {
    if (one.startsWith("*") && other.startsWith("*")) {
      String shorter = one.length() < other.length() ? one : other;
      String longer = one.length() < other.length() ? other : one;
      return longer.endsWith(shorter.substring(1));
    }
    if (one.startsWith("*")) {
      return other.endsWith(one.substring(1));
    }
    return other.startsWith("*") ? one.endsWith(other.substring(1)) : one.equals(other);
  }
}

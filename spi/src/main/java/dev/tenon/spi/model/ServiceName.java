package dev.tenon.spi.model;

/**
 * The one name of a service in the mesh. Its canonical host is {@code
 * <name>.<namespace>.svc.<domain>}; whatever else a platform calls it is an alias.
 *
 * @param name a DNS label
 * @param namespace a DNS label
 */
public record ServiceName(String name, String namespace) implements Comparable<ServiceName> {
  /** The canonical host below a mesh domain such as {@code cluster.local}. */
  public String host(String domain) {
    return name + "." + namespace + ".svc." + domain;
  }

  @Override
  public int compareTo(ServiceName other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name + "." + namespace;
  }
}

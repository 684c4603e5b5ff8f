package dev.tenon.pilot.join;

/**
 * What tells services apart: a host, and which namespace's idea of it is meant.
 *
 * @param host in lower case
 * @param namespace who says so
 */
public record ServiceKey(String host, String namespace) implements Comparable<ServiceKey> {
  @Override
  public int compareTo(ServiceKey other) {
    int byHost = host.compareTo(other.host);
    return byHost != 0 ? byHost : namespace.compareTo(other.namespace);
  }
}

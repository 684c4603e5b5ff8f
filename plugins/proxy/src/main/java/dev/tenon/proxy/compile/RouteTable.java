package dev.tenon.proxy.compile;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Virtual hosts by domain; {@code envoy.config.route.v3.RouteConfiguration}. An exact domain wins over
 * a suffix wildcard, the longest suffix over shorter ones, then prefix wildcards, then {@code *}.
 */
public final class RouteTable {
  private final String name;
  private final List<VirtualHost> hosts;
  private final boolean ignorePort;
  private final Map<String, VirtualHost> exact = new HashMap<>();
  private final Map<String, VirtualHost> suffixes = longestFirst();
  private final Map<String, VirtualHost> prefixes = longestFirst();
  private @Nullable VirtualHost any;

  /**
   * Builds the index.
   *
   * @param ignorePort {@code ignore_port_in_host_matching}: the authority's port plays no part
   * @throws IllegalArgumentException when two virtual hosts have one domain, or a domain is not one
   */
  public RouteTable(String name, List<VirtualHost> hosts, boolean ignorePort) {
    this.name = name;
    this.hosts = List.copyOf(hosts);
    this.ignorePort = ignorePort;
    for (VirtualHost host : this.hosts) {
      host.domains().forEach(domain -> index(domain.toLowerCase(Locale.ROOT), host));
    }
  }

  private static Map<String, VirtualHost> longestFirst() {
    return new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
  }

  private void index(String domain, VirtualHost host) {
    VirtualHost before;
    if (domain.equals("*")) {
      before = any;
      any = host;
    } else if (domain.startsWith("*")) {
      before = suffixes.put(domain.substring(1), host);
    } else if (domain.endsWith("*")) {
      before = prefixes.put(domain.substring(0, domain.length() - 1), host);
    } else if (domain.isEmpty() || domain.indexOf('*') >= 0) {
      throw new IllegalArgumentException("\"" + domain + "\" is no domain");
    } else {
      before = exact.put(domain, host);
    }
    if (before != null) {
      throw new IllegalArgumentException(
          "the domain " + domain + " is in two virtual hosts, " + before.name() + " and " + host.name());
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** In the order received. */
  public List<VirtualHost> hosts() {
    return hosts;
  }

  /** Whether the authority's port plays no part. */
  public boolean ignorePort() {
    return ignorePort;
  }

  /**
   * The virtual host of an authority.
   *
   * @param authority in lower case, with its port if the request had one
   */
  public @Nullable VirtualHost find(String authority) {
    String host = ignorePort ? withoutPort(authority) : authority;
    VirtualHost found = exact.get(host);
    if (found != null) {
      return found;
    }
    for (Map.Entry<String, VirtualHost> suffix : suffixes.entrySet()) {
      // The wildcard stands for at least one character, as in Envoy.
      if (host.length() > suffix.getKey().length() && host.endsWith(suffix.getKey())) {
        return suffix.getValue();
      }
    }
    for (Map.Entry<String, VirtualHost> prefix : prefixes.entrySet()) {
      if (host.length() > prefix.getKey().length() && host.startsWith(prefix.getKey())) {
        return prefix.getValue();
      }
    }
    return any;
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon < 0 || authority.indexOf(']', colon) >= 0 ? authority : authority.substring(0, colon);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RouteTable that
        && name.equals(that.name)
        && ignorePort == that.ignorePort
        && hosts.equals(that.hosts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, hosts);
  }

  @Override
  public String toString() {
    return "RouteTable[" + name + ", " + hosts + "]";
  }
}

package dev.tenon.registry.consul.read;

import java.util.List;
import java.util.Map;

/**
 * An instance as it was registered, without its health.
 *
 * @param node which agent has it
 * @param id unique on its node
 * @param service its name as Consul has it
 * @param kind empty for an ordinary service; else a proxy or gateway of Consul's own mesh
 * @param address as registered; empty when the node's counts
 * @param port 0 when none was registered
 * @param tags in the order registered
 * @param meta by key
 * @param tagged addresses by tag, such as {@code lan} and {@code wan}
 * @param passing weight while all checks pass
 * @param warning weight while one warns
 */
public record Definition(
    String node,
    String id,
    String service,
    String kind,
    String address,
    int port,
    List<String> tags,
    Map<String, String> meta,
    Map<String, Place> tagged,
    int passing,
    int warning) {
  public Definition {
    tags = List.copyOf(tags);
    meta = Map.copyOf(meta);
    tagged = Map.copyOf(tagged);
  }

  /** An address with its port. */
  public record Place(String address, int port) {}

  /** {@code node/id}: what tells instances of one data centre apart. */
  public String key() {
    return node + "/" + id;
  }
}

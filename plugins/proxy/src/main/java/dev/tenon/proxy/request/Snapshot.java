package dev.tenon.proxy.request;

import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes read once, for whoever needs them after the call.
 *
 * @param workloads who lives at an address, by {@code network/address}
 */
public record Snapshot(Map<String, Object> values, Map<String, Workload> workloads) implements Attributes {
  /** What a copy holds besides what is configured. */
  static final List<String> READ =
      List.of(
          "request.method", "request.path", "request.url_path", "request.host", "request.scheme",
          "request.useragent", "request.referer", "context.reporter.kind", "context.reporter.uid", "context.time", "request.id", "request.time", "request.size",
          "request.headers", "request.query_params", "context.protocol", "connection.mtls", "source.ip",
          "origin.ip", "source.port", "destination.ip", "destination.port", "source.name",
          "source.workload.name", "source.namespace", "source.workload.namespace", "source.uid",
          "source.serviceAccount", "source.labels", "destination.labels");

  /** Some attributes of a request, as far as it has them; nothing more is known of it then. */
  public static Snapshot of(Attributes request, Collection<String> names) {
    Map<String, Object> values = HashMap.newHashMap(names.size());
    for (String name : names) {
      Object value = request.get(name);
      if (value != null) {
        values.put(name, value);
      }
    }
    return new Snapshot(values, Map.of());
  }

  @Override
  public @Nullable Workload workload(InetAddress address) {
    return workloads.get("/" + address.getHostAddress());
  }

  @Override
  public @Nullable Object get(String attribute) {
    return values.get(attribute);
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    if (!(values.get(attribute) instanceof Map<?, ?> map)) {
      return null;
    }
    Object value = map.get(attribute.endsWith(".headers") ? key.toLowerCase(Locale.ROOT) : key);
    return value == null ? null : value.toString();
  }

  @Override
  public Attributes snapshot() {
    return this;
  }
}

package dev.tenon.proxy.request;

import dev.tenon.spi.policy.Attributes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes read once, for whoever needs them after the call. */
record Snapshot(Map<String, Object> values) implements Attributes {
  /** What a copy holds besides what is configured. */
  static final List<String> READ =
      List.of(
          "request.method", "request.path", "request.url_path", "request.host", "request.scheme",
          "request.useragent", "request.referer", "request.id", "request.time", "request.size",
          "request.headers", "request.query_params", "context.protocol", "connection.mtls", "source.ip",
          "origin.ip", "source.port", "destination.ip", "destination.port", "source.name",
          "source.workload.name", "source.namespace", "source.workload.namespace", "source.uid",
          "source.serviceAccount", "source.labels", "destination.labels");

  @Override
  public @Nullable Object get(String attribute) {
    return values.get(attribute);
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    if (!(values.get(attribute) instanceof Map<?, ?> map)) {
      return null;
    }
    Object value = map.get(attribute.equals("request.headers") ? key.toLowerCase(Locale.ROOT) : key);
    return value == null ? null : value.toString();
  }

  @Override
  public Attributes snapshot() {
    return this;
  }
}

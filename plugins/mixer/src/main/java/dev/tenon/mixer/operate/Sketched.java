package dev.tenon.mixer.operate;

import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Sketch;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sketched request in Mixer's terms, as the called side's proxy would see it. */
record Sketched(Map<String, Object> values) implements Attributes {
  Sketched {
    values = Map.copyOf(values);
  }

  static Sketched of(Sketch sketch, Instant time) {
    Map<String, Object> all = new HashMap<>();
    int query = sketch.path().indexOf('?');
    String path = query < 0 ? sketch.path() : sketch.path().substring(0, query);
    Map<String, Object> headers = new LinkedHashMap<>(sketch.headers());
    headers.put(":method", sketch.method());
    headers.put(":path", sketch.path());
    headers.put(":authority", sketch.host());
    headers.put("host", sketch.host());
    headers.put(":scheme", "http");
    all.put("request.headers", headers);
    all.put("request.method", sketch.method());
    all.put("request.host", sketch.host());
    all.put("request.path", sketch.path());
    all.put("request.url_path", path);
    all.put("request.scheme", "http");
    all.put("request.query_params", query < 0 ? Map.of() : parameters(sketch.path().substring(query + 1)));
    all.put("request.time", time);
    all.put("context.time", time);
    all.put("context.timestamp", time);
    all.put("request.size", size(sketch.headers().get("content-length")));
    all.put("context.protocol", sketch.headers().getOrDefault("content-type", "").startsWith("application/grpc") ? "grpc" : "http");
    all.put("context.reporter.kind", "inbound");
    all.put("connection.mtls", false);
    put(all, "request.useragent", sketch.headers().get("user-agent"));
    put(all, "request.referer", sketch.headers().get("referer"));
    put(all, "request.id", sketch.headers().get("x-request-id"));
    all.putAll(sketch.attributes());
    put(all, "context.reporter.uid", all.get("destination.uid"));
    put(all, "origin.ip", all.get("source.ip"));
    return new Sketched(all);
  }

  private static void put(Map<String, Object> all, String attribute, @Nullable Object value) {
    if (value != null) {
      all.putIfAbsent(attribute, value);
    }
  }

  private static long size(@Nullable String contentLength) {
    return contentLength != null && contentLength.matches("\\d{1,18}") ? Long.parseLong(contentLength) : 0;
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String each : query.split("&", -1)) {
      int equals = each.indexOf('=');
      all.putIfAbsent(plain(equals < 0 ? each : each.substring(0, equals)), equals < 0 ? "" : plain(each.substring(equals + 1)));
    }
    return all;
  }

  private static String plain(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return encoded;
    }
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

package dev.tenon.mixer.answer;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads entries of Envoy's access log. */
final class Entries {
  private static final List<String> JUDGES = List.of("envoy.filters.http.ext_authz", "envoy.filters.http.ratelimit");

  /** Envoy's short names of its response flags, by their fields. */
  private static final Map<String, String> FLAGS =
      Map.ofEntries(
          Map.entry("failed_local_healthcheck", "LH"), Map.entry("no_healthy_upstream", "UH"), Map.entry("upstream_request_timeout", "UT"),
          Map.entry("local_reset", "LR"), Map.entry("upstream_remote_reset", "UR"), Map.entry("upstream_connection_failure", "UF"),
          Map.entry("upstream_connection_termination", "UC"), Map.entry("upstream_overflow", "UO"), Map.entry("no_route_found", "NR"),
          Map.entry("delay_injected", "DI"), Map.entry("fault_injected", "FI"), Map.entry("rate_limited", "RL"),
          Map.entry("unauthorized_details", "UAEX"), Map.entry("rate_limit_service_error", "RLSE"),
          Map.entry("downstream_connection_termination", "DC"), Map.entry("upstream_retry_limit_exceeded", "URX"),
          Map.entry("stream_idle_timeout", "SI"), Map.entry("downstream_protocol_error", "DPE"), Map.entry("no_cluster_found", "NC"));

  private Entries() {}

  static Seen seen(Called called, HTTPAccessLogEntry entry, Neighbours neighbours) {
    AccessLogCommon common = entry.getCommonProperties();
    HTTPRequestProperties request = entry.getRequest();
    Map<String, Object> values = new HashMap<>();
    Instant start = Instant.ofEpochSecond(common.getStartTime().getSeconds(), common.getStartTime().getNanos());
    Duration took = taken(common);
    values.put("request.time", start);
    values.put("context.time", start);
    values.put("context.timestamp", start);
    values.put("request.size", request.getRequestBodyBytes());
    values.put("request.total_size", request.getRequestBodyBytes() + request.getRequestHeadersBytes());
    values.put("response.duration", took);
    values.put("response.time", start.plus(took));
    answered(entry.getResponse(), values);
    judged(common, values);
    values.put("context.proxy_error_code", flags(common.getResponseFlags()));
    Address local = common.getDownstreamLocalAddress();
    Authorization.address(local).ifPresent(address -> values.put("destination.ip", address));
    values.put("destination.port", (long) local.getSocketAddress().getPortValue());
    // The connection's other end; what x-forwarded-for says is anybody's word.
    Address remote = common.hasDownstreamDirectRemoteAddress() ? common.getDownstreamDirectRemoteAddress() : common.getDownstreamRemoteAddress();
    values.put("source.port", (long) remote.getSocketAddress().getPortValue());
    return new Seen(called, headers(request), Authorization.address(remote).orElse(null), values, neighbours);
  }

  private static Duration taken(AccessLogCommon common) {
    com.google.protobuf.Duration said =
        common.hasTimeToLastDownstreamTxByte() ? common.getTimeToLastDownstreamTxByte() : common.getDuration();
    return Duration.ofSeconds(said.getSeconds(), said.getNanos());
  }

  private static Map<String, String> headers(HTTPRequestProperties request) {
    Map<String, String> headers = new HashMap<>(request.getRequestHeadersMap());
    headers.put(":method", request.getRequestMethod().name());
    put(headers, ":path", request.getOriginalPath().isEmpty() ? request.getPath() : request.getOriginalPath());
    put(headers, ":authority", request.getAuthority());
    put(headers, ":scheme", request.getScheme());
    put(headers, "user-agent", request.getUserAgent());
    put(headers, "referer", request.getReferer());
    put(headers, "x-forwarded-for", request.getForwardedFor());
    put(headers, "x-request-id", request.getRequestId());
    return headers;
  }

  private static void put(Map<String, String> headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(name, value);
    }
  }

  private static void answered(HTTPResponseProperties response, Map<String, Object> values) {
    if (response.hasResponseCode()) {
      values.put("response.code", (long) response.getResponseCode().getValue());
    }
    values.put("response.size", response.getResponseBodyBytes());
    values.put("response.total_size", response.getResponseBodyBytes() + response.getResponseHeadersBytes());
    values.put("response.headers", response.getResponseHeadersMap());
    for (String each : List.of("grpc-status", "grpc-message")) {
      String said = response.getResponseTrailersOrDefault(each, response.getResponseHeadersOrDefault(each, ""));
      if (!said.isEmpty()) {
        values.put("response." + each.replace('-', '_'), said);
      }
    }
  }

  /** What {@link Authorization} or {@link RateLimiting} had Envoy remember. */
  private static void judged(AccessLogCommon common, Map<String, Object> values) {
    values.put("check.error_code", 0L);
    values.put("check.error_message", "");
    values.put("check.cache_hit", false);
    values.put("quota.cache_hit", false);
    for (String judge : JUDGES) {
      Struct told = common.getMetadata().getFilterMetadataOrDefault(judge, Struct.getDefaultInstance());
      Value code = told.getFieldsOrDefault("code", Value.getDefaultInstance());
      if (code.hasNumberValue()) {
        values.put("check.error_code", (long) code.getNumberValue());
        values.put("check.error_message", told.getFieldsOrDefault("message", Value.getDefaultInstance()).getStringValue());
      }
    }
  }

  private static String flags(ResponseFlags flags) {
    String all =
        flags.getAllFields().keySet().stream()
            .map(FieldDescriptor::getName)
            .filter(FLAGS::containsKey)
            .map(FLAGS::get)
            .collect(Collectors.joining(","));
    return all.isEmpty() ? "-" : all;
  }
}

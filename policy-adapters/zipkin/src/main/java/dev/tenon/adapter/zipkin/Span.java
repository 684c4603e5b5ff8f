package dev.tenon.adapter.zipkin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A report as one of Zipkin's spans. */
final class Span {
  private static final Pattern TRACE = Pattern.compile("[0-9a-f]{16}([0-9a-f]{16})?");
  private static final Pattern SPAN = Pattern.compile("[0-9a-f]{16}");

  private Span() {}

  /**
   * Adds a span, unless it has no trace or its trace is not among those that are sent: all proxies choose the same.
   *
   * @param comma whether one stands before it
   */
  static boolean add(StringBuilder out, Map<String, Object> values, double part, boolean comma) {
    String trace = text(values, "traceId");
    if (!TRACE.matcher(trace).matches() || !chosen(trace, part)) {
      return false;
    }
    out.append(comma ? ",{" : "{").append("\"traceId\":\"").append(trace).append('"');
    String id = text(values, "spanId");
    boolean client = Boolean.TRUE.equals(values.get("clientSpan"));
    boolean fresh = !SPAN.matcher(id).matches() || (client && Boolean.TRUE.equals(values.get("rewriteClientSpanId")));
    out.append(",\"id\":\"").append(fresh ? String.format("%016x", ThreadLocalRandom.current().nextLong() | 1) : id).append('"');
    String parent = text(values, "parentSpanId");
    if (SPAN.matcher(parent).matches()) {
      out.append(",\"parentId\":\"").append(parent).append('"');
    }
    out.append(",\"kind\":\"").append(client ? "CLIENT" : "SERVER").append("\",\"name\":");
    json(out, text(values, "spanName"));
    times(out, values);
    endpoint(out, client ? "localEndpoint" : "remoteEndpoint", text(values, "sourceName"), values.get("sourceIp"));
    endpoint(out, client ? "remoteEndpoint" : "localEndpoint", text(values, "destinationName"), values.get("destinationIp"));
    if (!client) {
      out.append(",\"shared\":true");
    }
    tags(out, values);
    out.append('}');
    return true;
  }

  /** By the low half of the trace's number: every proxy finds the same. */
  private static boolean chosen(String trace, double part) {
    long low = Long.parseUnsignedLong(trace, trace.length() - 16, trace.length(), 16);
    return part >= 1 || (low >>> 11) * 0x1.0p-53 < part;
  }

  private static void times(StringBuilder out, Map<String, Object> values) {
    if (values.get("startTime") instanceof Instant start) {
      out.append(",\"timestamp\":").append(micros(start));
      if (values.get("endTime") instanceof Instant end) {
        out.append(",\"duration\":").append(Math.max(1, micros(end) - micros(start)));
      }
    }
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
  }

  private static void endpoint(StringBuilder out, String field, String name, @Nullable Object ip) {
    out.append(",\"").append(field).append("\":{\"serviceName\":");
    json(out, name.isEmpty() ? "unknown" : name);
    if (ip instanceof InetAddress address) {
      out.append(address instanceof Inet6Address ? ",\"ipv6\":\"" : ",\"ipv4\":\"").append(address.getHostAddress()).append('"');
    }
    out.append('}');
  }

  private static void tags(StringBuilder out, Map<String, Object> values) {
    Map<String, String> tags = new TreeMap<>();
    if (values.get("spanTags") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> tags.put(String.valueOf(name), plain(value)));
    }
    if (values.get("httpStatusCode") instanceof Long status && status > 0) {
      tags.putIfAbsent("http.status_code", status.toString());
      if (status >= 500) {
        tags.putIfAbsent("error", status.toString());
      }
    }
    for (String size : new String[] {"requestSize", "responseSize"}) {
      if (values.get(size) instanceof Long octets) {
        tags.putIfAbsent(size.equals("requestSize") ? "request.size" : "response.size", octets.toString());
      }
    }
    out.append(",\"tags\":{");
    String before = "";
    for (Map.Entry<String, String> each : tags.entrySet()) {
      out.append(before);
      json(out, each.getKey());
      out.append(':');
      json(out, each.getValue());
      before = ",";
    }
    out.append('}');
  }

  private static String text(Map<String, Object> values, String field) {
    return values.get(field) instanceof String text ? text : "";
  }

  private static String plain(@Nullable Object value) {
    return value instanceof InetAddress address ? address.getHostAddress() : String.valueOf(value);
  }

  private static void json(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}

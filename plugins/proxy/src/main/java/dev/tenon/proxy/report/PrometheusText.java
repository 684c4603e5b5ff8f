package dev.tenon.proxy.report;

import dev.tenon.proxy.request.Flags;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Writes totals in Prometheus' text format, version 0.0.4. */
public final class PrometheusText {
  private final StringBuilder out = new StringBuilder(16 * 1024);
  private final Owner owner;

  /**
   * Who reports: the workload beside this proxy.
   *
   * @param workload its name; empty when it has none
   */
  public record Owner(String workload, String namespace, String app) {}

  private PrometheusText(Owner owner) {
    this.owner = owner;
  }

  /** The text of all totals. */
  public static String of(Totals totals, Owner owner) {
    PrometheusText text = new PrometheusText(owner);
    text.requests(totals);
    text.durations(totals);
    text.downstream(totals);
    text.clusters(totals);
    return text.out.toString();
  }

  private void requests(Totals totals) {
    type("istio_requests_total", "counter");
    totals.series.forEach(
        (key, total) ->
            total.kinds.forEach(
                (kind, count) -> {
                  out.append("istio_requests_total{");
                  labels(key);
                  label("response_code", Long.toString(kind & 0xffff));
                  label("response_flags", Flags.text((int) (kind >>> 16)));
                  close(count);
                }));
  }

  private void durations(Totals totals) {
    String name = "istio_request_duration_milliseconds";
    type(name, "histogram");
    totals.series.forEach(
        (key, total) -> {
          long below = 0;
          for (int i = 0; i < total.buckets.length; i++) {
            below += total.buckets[i];
            out.append(name).append("_bucket{");
            labels(key);
            label("le", i == Series.BOUNDS.length ? "+Inf" : number(Series.BOUNDS[i]));
            close(below);
          }
          out.append(name).append("_sum{");
          labels(key);
          out.setLength(out.length() - 1);
          out.append("} ").append(total.nanos / 1e6).append('\n');
          out.append(name).append("_count{");
          labels(key);
          close(below);
        });
  }

  private static String number(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  private void labels(SeriesKey key) {
    int slash = key.peer().indexOf('/');
    String peer = slash < 0 ? "unknown" : key.peer().substring(slash + 1);
    String peerNamespace = slash < 0 ? "unknown" : key.peer().substring(0, slash);
    String own = owner.workload().isEmpty() ? "unknown" : owner.workload();
    String ownNamespace = owner.namespace().isEmpty() ? "unknown" : owner.namespace();
    label("reporter", key.inbound() ? "destination" : "source");
    label("source_workload", key.inbound() ? peer : own);
    label("source_workload_namespace", key.inbound() ? peerNamespace : ownNamespace);
    label("destination_workload", key.inbound() ? own : peer);
    label("destination_workload_namespace", key.inbound() ? ownNamespace : peerNamespace);
    // outbound|port|subset|host and inbound|port||host
    String host = key.cluster().substring(key.cluster().lastIndexOf('|') + 1);
    String[] parts = host.split("\\.", 3);
    label("destination_service", host.isEmpty() ? "unknown" : host);
    label("destination_service_name", parts[0].isEmpty() ? "unknown" : parts[0]);
    label("destination_service_namespace", parts.length > 1 ? parts[1] : "unknown");
    label("request_protocol", "http");
    label("connection_security_policy", "none");
  }

  private void downstream(Totals totals) {
    plain("envoy_http_downstream_cx_total", "counter", totals.connections);
    plain("envoy_http_downstream_cx_active", "gauge", totals.connectionsActive);
    plain("envoy_http_downstream_rq_total", "counter", totals.requests);
    plain("envoy_http_downstream_rq_active", "gauge", totals.requestsActive);
    type("envoy_http_downstream_rq_xx", "counter");
    for (int digit = 1; digit <= 5; digit++) {
      out.append("envoy_http_downstream_rq_xx{");
      label("envoy_response_code_class", Integer.toString(digit));
      close(totals.byClass[digit]);
    }
    plain("tenon_access_log_dropped_total", "counter", totals.logLinesDropped);
  }

  private void clusters(Totals totals) {
    Map<String, Totals.ClusterTotal> all = totals.clusters;
    each(all, "upstream_cx_total", "counter", total -> total.counters.connections);
    each(all, "upstream_cx_active", "gauge", total -> total.counters.connectionsActive);
    each(all, "upstream_cx_connect_fail", "counter", total -> total.counters.connectFailures);
    each(all, "upstream_cx_overflow", "counter", total -> total.counters.connectionOverflow);
    each(all, "upstream_rq_total", "counter", total -> total.counters.requests);
    each(all, "upstream_rq_active", "gauge", total -> total.counters.requestsActive);
    each(all, "upstream_rq_pending_overflow", "counter", total -> total.counters.pendingOverflow);
    each(all, "upstream_rq_retry", "counter", total -> total.counters.retries);
    each(all, "upstream_rq_timeout", "counter", total -> total.counters.timeouts);
    each(all, "upstream_rq_per_try_timeout", "counter", total -> total.counters.perTryTimeouts);
    each(all, "upstream_cx_none_healthy", "counter", total -> total.counters.noEndpoint);
    each(all, "membership_total", "gauge", total -> total.members);
    each(all, "membership_healthy", "gauge", total -> total.healthy);
    type("envoy_cluster_upstream_rq_xx", "counter");
    all.forEach(
        (name, total) -> {
          for (int digit = 1; digit <= 5; digit++) {
            out.append("envoy_cluster_upstream_rq_xx{");
            label("envoy_cluster_name", name);
            label("envoy_response_code_class", Integer.toString(digit));
            close(total.counters.byClass[digit]);
          }
        });
  }

  private void each(
      Map<String, Totals.ClusterTotal> all, String name, String type, ToLongFunction<Totals.ClusterTotal> value) {
    type("envoy_cluster_" + name, type);
    all.forEach(
        (cluster, total) -> {
          out.append("envoy_cluster_").append(name).append('{');
          label("envoy_cluster_name", cluster);
          close(value.applyAsLong(total));
        });
  }

  private void plain(String name, String type, long value) {
    type(name, type);
    out.append(name).append(' ').append(value).append('\n');
  }

  private void type(String name, String type) {
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void label(String name, String value) {
    out.append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
    out.append("\",");
  }

  private void close(long value) {
    out.setLength(out.length() - 1);
    out.append("} ").append(value).append('\n');
  }
}

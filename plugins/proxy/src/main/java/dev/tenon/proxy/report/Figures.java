package dev.tenon.proxy.report;

import dev.tenon.proxy.request.Flags;
import dev.tenon.spi.telemetry.MetricSnapshot;
import dev.tenon.spi.telemetry.MetricSnapshot.Amount;
import dev.tenon.spi.telemetry.MetricSnapshot.Distribution;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToLongFunction;

/** Totals under the names that Istio and Envoy give them. */
public final class Figures {
  private static final List<Double> BOUNDS = Arrays.stream(Series.BOUNDS).boxed().toList();

  private final List<Family> families = new ArrayList<>();
  private final Owner owner;

  /**
   * Who reports: the workload beside this proxy.
   *
   * @param workload its name; empty when it has none
   */
  public record Owner(String workload, String namespace, String app) {}

  private Figures(Owner owner) {
    this.owner = owner;
  }

  /** All of them. */
  public static MetricSnapshot of(Totals totals, Owner owner) {
    Figures figures = new Figures(owner);
    figures.requests(totals);
    figures.downstream(totals);
    figures.clusters(totals);
    return new MetricSnapshot(Instant.now(), figures.families);
  }

  private void requests(Totals totals) {
    List<Sample> counts = new ArrayList<>();
    List<Sample> durations = new ArrayList<>();
    totals.series.forEach(
        (key, total) -> {
          SequencedMap<String, String> labels = labels(key);
          total.kinds.forEach(
              (kind, count) -> {
                SequencedMap<String, String> more = new LinkedHashMap<>(labels);
                more.put("response_code", Long.toString(kind & 0xffff));
                more.put("response_flags", Flags.text((int) (kind >>> 16)));
                counts.add(new Sample(more, new Amount((double) count)));
              });
          durations.add(
              new Sample(
                  labels, new Distribution(BOUNDS, Arrays.stream(total.buckets).boxed().toList(), total.nanos / 1e6)));
        });
    families.add(new Family("istio_requests_total", Kind.COUNTER, counts));
    families.add(new Family("istio_request_duration_milliseconds", Kind.HISTOGRAM, durations));
  }

  private SequencedMap<String, String> labels(SeriesKey key) {
    int slash = key.peer().indexOf('/');
    String peer = slash < 0 ? "unknown" : key.peer().substring(slash + 1);
    String peerNamespace = slash < 0 ? "unknown" : key.peer().substring(0, slash);
    String own = owner.workload().isEmpty() ? "unknown" : owner.workload();
    String ownNamespace = owner.namespace().isEmpty() ? "unknown" : owner.namespace();
    SequencedMap<String, String> labels = new LinkedHashMap<>();
    labels.put("reporter", key.inbound() ? "destination" : "source");
    labels.put("source_workload", key.inbound() ? peer : own);
    labels.put("source_workload_namespace", key.inbound() ? peerNamespace : ownNamespace);
    labels.put("destination_workload", key.inbound() ? own : peer);
    labels.put("destination_workload_namespace", key.inbound() ? ownNamespace : peerNamespace);
    // outbound|port|subset|host and inbound|port||host
    String host = key.cluster().substring(key.cluster().lastIndexOf('|') + 1);
    String[] parts = host.split("\\.", 3);
    labels.put("destination_service", host.isEmpty() ? "unknown" : host);
    labels.put("destination_service_name", parts[0].isEmpty() ? "unknown" : parts[0]);
    labels.put("destination_service_namespace", parts.length > 1 ? parts[1] : "unknown");
    labels.put("request_protocol", "http");
    labels.put("connection_security_policy", "none");
    return labels;
  }

  private void downstream(Totals totals) {
    plain("envoy_http_downstream_cx_total", Kind.COUNTER, totals.connections);
    plain("envoy_http_downstream_cx_active", Kind.GAUGE, totals.connectionsActive);
    plain("envoy_http_downstream_rq_total", Kind.COUNTER, totals.requests);
    plain("envoy_http_downstream_rq_active", Kind.GAUGE, totals.requestsActive);
    families.add(new Family("envoy_http_downstream_rq_xx", Kind.COUNTER, byClass(Map.of(), totals.byClass)));
    plain("tenon_access_log_dropped_total", Kind.COUNTER, totals.logLinesDropped);
    plain("tenon_request_filter_failures_total", Kind.COUNTER, totals.filterFailures);
    if (!totals.sinkDropped.isEmpty()) {
      List<Sample> dropped = new ArrayList<>();
      totals.sinkDropped.forEach((sink, count) -> dropped.add(Sample.of(Map.of("sink", sink), (double) count)));
      families.add(new Family("tenon_telemetry_dropped_total", Kind.COUNTER, dropped));
    }
  }

  private static List<Sample> byClass(Map<String, String> labels, long[] counts) {
    List<Sample> samples = new ArrayList<>();
    for (int digit = 1; digit <= 5; digit++) {
      SequencedMap<String, String> more = new LinkedHashMap<>(labels);
      more.put("envoy_response_code_class", Integer.toString(digit));
      samples.add(new Sample(more, new Amount((double) counts[digit])));
    }
    return samples;
  }

  private void clusters(Totals totals) {
    Map<String, Totals.ClusterTotal> all = totals.clusters;
    each(all, "upstream_cx_total", Kind.COUNTER, total -> total.counters.connections);
    each(all, "upstream_cx_active", Kind.GAUGE, total -> total.counters.connectionsActive);
    each(all, "upstream_cx_connect_fail", Kind.COUNTER, total -> total.counters.connectFailures);
    each(all, "upstream_cx_overflow", Kind.COUNTER, total -> total.counters.connectionOverflow);
    each(all, "upstream_rq_total", Kind.COUNTER, total -> total.counters.requests);
    each(all, "upstream_rq_active", Kind.GAUGE, total -> total.counters.requestsActive);
    each(all, "upstream_rq_pending_overflow", Kind.COUNTER, total -> total.counters.pendingOverflow);
    each(all, "upstream_rq_retry", Kind.COUNTER, total -> total.counters.retries);
    each(all, "upstream_rq_timeout", Kind.COUNTER, total -> total.counters.timeouts);
    each(all, "upstream_rq_per_try_timeout", Kind.COUNTER, total -> total.counters.perTryTimeouts);
    each(all, "upstream_cx_none_healthy", Kind.COUNTER, total -> total.counters.noEndpoint);
    each(all, "lb_healthy_panic", Kind.COUNTER, total -> total.counters.healthyPanic);
    each(all, "balancer_fallbacks", Kind.COUNTER, total -> total.counters.balancerFallbacks);
    each(all, "membership_total", Kind.GAUGE, total -> total.members);
    each(all, "membership_healthy", Kind.GAUGE, total -> total.healthy);
    List<Sample> answers = new ArrayList<>();
    all.forEach((name, total) -> answers.addAll(byClass(Map.of("envoy_cluster_name", name), total.counters.byClass)));
    families.add(new Family("envoy_cluster_upstream_rq_xx", Kind.COUNTER, answers));
  }

  private void each(Map<String, Totals.ClusterTotal> all, String name, Kind kind, ToLongFunction<Totals.ClusterTotal> value) {
    List<Sample> samples = new ArrayList<>();
    all.forEach((cluster, total) -> samples.add(Sample.of(Map.of("envoy_cluster_name", cluster), (double) value.applyAsLong(total))));
    families.add(new Family("envoy_cluster_" + name, kind, samples));
  }

  private void plain(String name, Kind kind, long value) {
    families.add(new Family(name, kind, List.of(Sample.of(Map.of(), (double) value))));
  }
}

package dev.tenon.proxy.report;

import dev.tenon.proxy.upstream.Cluster;
import dev.tenon.proxy.upstream.Counters;
import java.util.Map;
import java.util.TreeMap;

/** The counters of all loops, added up one loop after the other. */
public final class Totals {
  /** One cluster's numbers over all loops. */
  static final class ClusterTotal {
    final Counters counters = new Counters();
    int members;
    int healthy;
  }

  final Map<SeriesKey, SeriesTotal> series =
      new TreeMap<>(
          java.util.Comparator.comparing(SeriesKey::cluster)
              .thenComparing(SeriesKey::peer)
              .thenComparing(SeriesKey::inbound));
  final Map<String, ClusterTotal> clusters = new TreeMap<>();
  long connections;
  long connectionsActive;
  long requests;
  long requestsActive;
  long filterFailures;
  final long[] byClass = new long[6];
  long logLinesDropped;
  final Map<String, Long> sinkDropped = new TreeMap<>();

  SeriesTotal of(SeriesKey key) {
    return series.computeIfAbsent(key, any -> new SeriesTotal());
  }

  /** Adds what the access logs lost. */
  public void addDropped(long lines) {
    logLinesDropped += lines;
  }

  /** Adds what sinks were not told of. */
  public void addDropped(Telemetry telemetry) {
    telemetry.dropped().forEach((sink, requests) -> sinkDropped.merge(sink, requests, Long::sum));
  }

  /** Adds one loop's view of a cluster; called on that loop. */
  public void add(Cluster cluster) {
    ClusterTotal total = clusters.computeIfAbsent(cluster.spec().name(), any -> new ClusterTotal());
    Counters from = cluster.counters();
    Counters to = total.counters;
    to.connections += from.connections;
    to.connectionsActive += from.connectionsActive;
    to.connectFailures += from.connectFailures;
    to.connectionOverflow += from.connectionOverflow;
    to.pendingOverflow += from.pendingOverflow;
    to.requests += from.requests;
    to.requestsActive += from.requestsActive;
    to.retries += from.retries;
    to.timeouts += from.timeouts;
    to.perTryTimeouts += from.perTryTimeouts;
    to.noEndpoint += from.noEndpoint;
    to.healthyPanic += from.healthyPanic;
    to.balancerFallbacks += from.balancerFallbacks;
    for (int i = 0; i < from.byClass.length; i++) {
      to.byClass[i] += from.byClass[i];
    }
    total.members = cluster.members();
    total.healthy = cluster.healthy();
  }
}

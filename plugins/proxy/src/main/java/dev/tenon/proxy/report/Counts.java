package dev.tenon.proxy.report;

import dev.tenon.proxy.upstream.Counters;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Totals as names and numbers. A line names what is counted: the proxy itself (an empty line), a cluster,
 * a sink, or a kind of request; its counters have names within it.
 */
final class Counts {
  private static final String CLUSTER = "cluster";
  private static final String SERIES = "series";
  private static final String SINK = "sink";
  private static final String DROPPED = "dropped";
  private static final String CLASS = "class";
  private static final String BUCKET = "bucket";
  private static final String KIND = "kind";

  private Counts() {}

  /** Every counter that is not zero, by line and name. */
  static Map<String, Map<String, Long>> of(Totals totals) {
    Map<String, Map<String, Long>> all = new LinkedHashMap<>();
    Map<String, Long> own = new LinkedHashMap<>();
    put(own, "connections", totals.connections);
    put(own, "requests", totals.requests);
    put(own, "filterFailures", totals.filterFailures);
    put(own, DROPPED, totals.logLinesDropped);
    putAll(own, CLASS, totals.byClass);
    all.put("", own);
    totals.clusters.forEach((name, total) -> all.put(CLUSTER + "\n" + name, of(total.counters)));
    totals.series.forEach((key, total) -> {
      Map<String, Long> series = new LinkedHashMap<>();
      put(series, "nanos", total.nanos);
      putAll(series, BUCKET, total.buckets);
      total.kinds.forEach((kind, count) -> put(series, KIND + kind, count));
      all.put(SERIES + "\n" + key.inbound() + "\n" + key.cluster() + "\n" + key.peer(), series);
    });
    totals.sinkDropped.forEach((sink, requests) -> all.put(SINK + "\n" + sink, Map.of(DROPPED, requests)));
    return all;
  }

  private static Map<String, Long> of(Counters counters) {
    Map<String, Long> cluster = new LinkedHashMap<>();
    put(cluster, "connections", counters.connections);
    put(cluster, "connectFailures", counters.connectFailures);
    put(cluster, "connectionOverflow", counters.connectionOverflow);
    put(cluster, "pendingOverflow", counters.pendingOverflow);
    put(cluster, "requests", counters.requests);
    put(cluster, "retries", counters.retries);
    put(cluster, "timeouts", counters.timeouts);
    put(cluster, "perTryTimeouts", counters.perTryTimeouts);
    put(cluster, "noEndpoint", counters.noEndpoint);
    put(cluster, "healthyPanic", counters.healthyPanic);
    put(cluster, "balancerFallbacks", counters.balancerFallbacks);
    putAll(cluster, CLASS, counters.byClass);
    return cluster;
  }

  private static void put(Map<String, Long> to, String name, long value) {
    if (value != 0) {
      to.put(name, value);
    }
  }

  private static void putAll(Map<String, Long> to, String name, long[] values) {
    for (int i = 0; i < values.length; i++) {
      put(to, name + i, values[i]);
    }
  }

  /** Adds one line's counters. What another version counts, and this one does not, is left out. */
  static void add(Totals totals, String line, Map<String, Long> counts) {
    String[] parts = line.split("\n", 4);
    if (line.isEmpty()) {
      counts.forEach((name, count) -> addOwn(totals, name, count));
    } else if (parts[0].equals(CLUSTER) && parts.length == 2) {
      Counters cluster = totals.clusters.computeIfAbsent(parts[1], any -> new Totals.ClusterTotal()).counters;
      counts.forEach((name, count) -> addCluster(cluster, name, count));
    } else if (parts[0].equals(SINK) && parts.length == 2) {
      totals.sinkDropped.merge(parts[1], counts.getOrDefault(DROPPED, 0L), Long::sum);
    } else if (parts[0].equals(SERIES) && parts.length == 4) {
      SeriesTotal series = totals.of(new SeriesKey(Boolean.parseBoolean(parts[1]), parts[2], parts[3]));
      counts.forEach((name, count) -> addSeries(series, name, count));
    }
  }

  private static void addOwn(Totals totals, String name, long count) {
    switch (name) {
      case "connections" -> totals.connections += count;
      case "requests" -> totals.requests += count;
      case "filterFailures" -> totals.filterFailures += count;
      case DROPPED -> totals.logLinesDropped += count;
      default -> addAt(totals.byClass, name, CLASS, count);
    }
  }

  private static void addCluster(Counters cluster, String name, long count) {
    switch (name) {
      case "connections" -> cluster.connections += count;
      case "connectFailures" -> cluster.connectFailures += count;
      case "connectionOverflow" -> cluster.connectionOverflow += count;
      case "pendingOverflow" -> cluster.pendingOverflow += count;
      case "requests" -> cluster.requests += count;
      case "retries" -> cluster.retries += count;
      case "timeouts" -> cluster.timeouts += count;
      case "perTryTimeouts" -> cluster.perTryTimeouts += count;
      case "noEndpoint" -> cluster.noEndpoint += count;
      case "healthyPanic" -> cluster.healthyPanic += count;
      case "balancerFallbacks" -> cluster.balancerFallbacks += count;
      default -> addAt(cluster.byClass, name, CLASS, count);
    }
  }

  private static void addSeries(SeriesTotal series, String name, long count) {
    if (name.equals("nanos")) {
      series.nanos += count;
    } else if (name.startsWith(KIND)) {
      series.kinds.merge(Long.parseLong(name.substring(KIND.length())), count, Long::sum);
    } else {
      addAt(series.buckets, name, BUCKET, count);
    }
  }

  private static void addAt(long[] values, String name, String prefix, long count) {
    if (name.startsWith(prefix)) {
      int index = Integer.parseInt(name.substring(prefix.length()));
      if (index >= 0 && index < values.length) {
        values[index] += count;
      }
    }
  }
}

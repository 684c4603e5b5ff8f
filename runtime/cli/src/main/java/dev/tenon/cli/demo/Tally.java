package dev.tenon.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a span of load came to. Thread-safe. */
final class Tally {
  private final Map<String, Integer> versions = new TreeMap<>();
  private final List<Long> nanos = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private int failed;

  synchronized void answered(String version, long tookNanos) {
    versions.merge(version, 1, Integer::sum);
    nanos.add(tookNanos);
  }

  synchronized void failed(String why) {
    failed++;
    if (failures.size() < 5) {
      failures.add(why);
    }
  }

  synchronized int requests() {
    return nanos.size() + failed;
  }

  synchronized int failures() {
    return failed;
  }

  /** The first few reasons. */
  synchronized List<String> reasons() {
    return List.copyOf(failures);
  }

  /** Per cent of the answered requests that each version served. */
  synchronized Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    versions.forEach((version, count) -> shares.put(version, Math.round(1000.0 * count / nanos.size()) / 10.0));
    return shares;
  }

  /** A quantile of the answered requests' durations, in milliseconds. */
  synchronized double millis(double quantile) {
    if (nanos.isEmpty()) {
      return 0;
    }
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    int index = (int) Math.min(sorted.size() - 1, Math.ceil(quantile * sorted.size()) - 1);
    return Math.round(sorted.get(Math.max(0, index)) / 10_000.0) / 100.0;
  }
}

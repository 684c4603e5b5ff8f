package dev.tenon.adapter.prometheus;

import java.util.ArrayList;
import java.util.List;

/** The figures of one set of labels. Guarded by its {@link Book}. */
final class Series {
  final Metric metric;
  final List<String> values;
  private final long[] counts;
  private double sum;
  private final long[] givenCounts;
  private double given;
  long touched;

  Series(Metric metric, List<String> values) {
    this.metric = metric;
    this.values = List.copyOf(values);
    int buckets = metric.kind() == Metric.Kind.DISTRIBUTION ? metric.bounds().size() + 1 : 0;
    this.counts = new long[buckets];
    this.givenCounts = new long[buckets];
  }

  void add(double value) {
    switch (metric.kind()) {
      case COUNTER -> sum += value;
      case GAUGE -> sum = value;
      case DISTRIBUTION -> {
        int bucket = 0;
        while (bucket < metric.bounds().size() && value > metric.bounds().get(bucket)) {
          bucket++;
        }
        counts[bucket]++;
        sum += value;
      }
    }
  }

  double sum() {
    return sum;
  }

  long count(int bucket) {
    return counts[bucket];
  }

  /** What has come since it was last given; empty when that is nothing. */
  List<Object> give() {
    List<Object> news = new ArrayList<>();
    double more = metric.kind() == Metric.Kind.GAUGE ? sum : sum - given;
    boolean any = sum != given;
    news.add(more);
    for (int i = 0; i < counts.length; i++) {
      any |= counts[i] != givenCounts[i];
      news.add(counts[i] - givenCounts[i]);
      givenCounts[i] = counts[i];
    }
    given = sum;
    return any ? news : List.of();
  }

  /** Adds what a predecessor gave. */
  void take(List<?> news) {
    if (news.size() != counts.length + 1 || !(news.getFirst() instanceof Double more)) {
      return;
    }
    // A gauge that was set here since is newer.
    if (metric.kind() != Metric.Kind.GAUGE || sum == 0) {
      sum += more;
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += news.get(i + 1) instanceof Long count ? count : 0;
    }
  }
}

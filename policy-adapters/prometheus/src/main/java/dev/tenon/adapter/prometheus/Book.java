package dev.tenon.adapter.prometheus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was counted for one handler's name. Bounded: with too many series new ones are not taken. Thread-safe. */
final class Book {
  /** Of one metric. */
  static final int MOST_SERIES = 10_000;

  /** By metric, then by labels' values. */
  private final Map<Metric, Map<List<String>, Series>> series = new LinkedHashMap<>();

  /** What a predecessor counted for metrics that nobody has asked for here yet, by name. */
  private final Map<String, List<List<?>>> inherited = new HashMap<>();

  private long dropped;

  /** Takes note of what a handler counts; what its metrics counted as something else is forgotten. */
  synchronized void count(Iterable<Metric> metrics) {
    for (Metric metric : metrics) {
      series.keySet().removeIf(each -> each.name().equals(metric.name()) && !each.equals(metric));
      series.computeIfAbsent(metric, each -> new HashMap<>());
      Objects.requireNonNullElse(inherited.remove(metric.name()), List.<List<?>>of()).forEach(row -> put(metric, row));
    }
  }

  synchronized void add(Metric metric, List<String> values, double value, long now) {
    Series one = one(metric, values);
    if (one == null) {
      dropped++;
    } else {
      one.add(value);
      one.touched = now;
    }
  }

  private @Nullable Series one(Metric metric, List<String> values) {
    Map<List<String>, Series> all = series.computeIfAbsent(metric, each -> new HashMap<>());
    Series one = all.get(values);
    if (one == null && all.size() < MOST_SERIES) {
      one = new Series(metric, values);
      all.put(one.values, one);
    }
    return one;
  }

  /** Forgets series without a value since a moment. */
  synchronized void expire(long before) {
    series.values().forEach(all -> all.values().removeIf(each -> each.touched - before < 0));
  }

  synchronized void write(Text out) {
    series.forEach((metric, all) -> out.metric(metric, all.values()));
  }

  synchronized int size() {
    return series.values().stream().mapToInt(Map::size).sum();
  }

  synchronized long dropped() {
    return dropped;
  }

  /** What has come since this was last asked: a row for each series. */
  synchronized List<Object> give() {
    List<Object> rows = new ArrayList<>();
    series.forEach(
        (metric, all) ->
            all.values().forEach(
                each -> {
                  List<Object> news = each.give();
                  if (!news.isEmpty()) {
                    rows.add(new ArrayList<>(List.of(metric.name(), new ArrayList<>(each.values), news)));
                  }
                }));
    return rows;
  }

  /** Adds a row that a predecessor gave. */
  synchronized void take(@Nullable Object given) {
    if (!(given instanceof List<?> row) || row.size() != 3 || !(row.getFirst() instanceof String name)) {
      return;
    }
    for (Metric metric : series.keySet()) {
      if (metric.name().equals(name)) {
        put(metric, row);
        return;
      }
    }
    inherited.computeIfAbsent(name, each -> new ArrayList<>()).add(row);
  }

  private void put(Metric metric, List<?> row) {
    if (row.get(1) instanceof List<?> values && values.size() == metric.labels().size() && row.get(2) instanceof List<?> news) {
      Series one = one(metric, values.stream().map(String::valueOf).toList());
      if (one != null) {
        one.take(news);
        one.touched = System.nanoTime();
      }
    }
  }
}

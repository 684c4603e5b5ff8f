package dev.tenon.adapter.prometheus;

import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One handler. */
final class Counting implements ReportAdapter {
  private final Book book;
  private final Map<String, Metric> metrics;
  private final long expiry;
  private final Runnable end;
  private final AtomicLong expired = new AtomicLong(System.nanoTime());
  private final AtomicLong unusable = new AtomicLong();

  /**
   * @param metrics by instance
   * @param expiry in nanoseconds; 0: never
   * @param end run when the handler is closed
   */
  Counting(Book book, Map<String, Metric> metrics, long expiry, Runnable end) {
    this.book = book;
    this.metrics = Map.copyOf(metrics);
    this.expiry = expiry;
    this.end = end;
    book.count(this.metrics.values());
  }

  @Override
  public void report(List<Instance> instances) {
    long now = System.nanoTime();
    long last = expired.get();
    if (expiry > 0 && now - last > expiry / 2 && expired.compareAndSet(last, now)) {
      book.expire(now - expiry);
    }
    for (Instance each : instances) {
      Metric metric = metrics.get(each.name());
      Object value = each.values().get("value");
      List<String> labels = metric == null ? null : labels(metric, each);
      Double number = number(value);
      if (metric == null || labels == null || number == null) {
        unusable.incrementAndGet();
      } else {
        book.add(metric, labels, number, now);
      }
    }
  }

  /** The labels' values, or null when an instance has other dimensions: then it is not counted. */
  private static @Nullable List<String> labels(Metric metric, Instance instance) {
    if (!(instance.values().get("dimensions") instanceof Map<?, ?> dimensions)
        || dimensions.size() != metric.labels().size()) {
      return null;
    }
    List<String> labels = new ArrayList<>(metric.labels().size());
    for (String label : metric.labels()) {
      Object value = dimensions.get(label);
      if (value == null) {
        return null;
      }
      labels.add(value instanceof InetAddress address ? address.getHostAddress() : value.toString());
    }
    return labels;
  }

  private static @Nullable Double number(@Nullable Object value) {
    return switch (value) {
      case Long whole -> (double) whole;
      case Double number -> number;
      case Duration duration -> duration.toNanos() / 1e9;
      case Boolean truth -> truth ? 1.0 : 0.0;
      case null, default -> null;
    };
  }

  @Override
  public List<Family> figures() {
    return List.of(
        new Family("prometheus_adapter_series", Kind.GAUGE, List.of(Sample.of(Map.of(), book.size()))),
        new Family(
            "prometheus_adapter_dropped_total",
            Kind.COUNTER,
            List.of(
                Sample.of(Map.of("reason", "series"), (double) book.dropped()),
                Sample.of(Map.of("reason", "instance"), (double) unusable.get()))));
  }

  @Override
  public void close() {
    end.run();
  }
}

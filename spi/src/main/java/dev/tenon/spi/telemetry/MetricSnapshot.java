package dev.tenon.spi.telemetry;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * All figures of a proxy at one moment: those that {@code /stats/prometheus} shows.
 *
 * @param at when it was taken
 * @param families each name once
 */
public record MetricSnapshot(Instant at, List<Family> families) {
  public MetricSnapshot {
    families = List.copyOf(families);
  }

  /**
   * The figures of one name.
   *
   * @param name in Prometheus' spelling, for example {@code istio_requests_total}
   */
  public record Family(String name, Kind kind, List<Sample> samples) {
    public Family {
      samples = List.copyOf(samples);
    }
  }

  /** How a figure is to be read. */
  public enum Kind {
    /** Grows from the proxy's start; begins anew when a new generation of it takes over. */
    COUNTER,
    /** Goes up and down. */
    GAUGE,
    /** A distribution, growing as a counter does. */
    HISTOGRAM
  }

  /**
   * One figure.
   *
   * @param labels in the order to write them
   */
  public record Sample(SequencedMap<String, String> labels, Value value) {
    public Sample {
      labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
    }

    /** A number with some labels. */
    public static Sample of(Map<String, String> labels, double number) {
      return new Sample(new LinkedHashMap<>(labels), new Amount(number));
    }
  }

  /** What was measured. */
  public sealed interface Value {}

  /** A counter's or a gauge's; whole ones up to 2^53 are exact. */
  public record Amount(double value) implements Value {}

  /**
   * A histogram's.
   *
   * @param bounds upper bounds of the buckets, ascending; one more bucket has what is beyond
   * @param counts of each bucket, not of those below it: one more than there are bounds
   * @param sum of all that was measured
   */
  public record Distribution(List<Double> bounds, List<Long> counts, double sum) implements Value {
    public Distribution {
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
      if (counts.size() != bounds.size() + 1) {
        throw new IllegalArgumentException("there is one more count than bounds");
      }
    }
  }
}

package dev.tenon.adapter.prometheus;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A metric of a handler's parameters.
 *
 * @param name in Prometheus' spelling, with its namespace before it
 * @param help what it is, for people
 * @param labels in the order to write them
 * @param bounds of a distribution's buckets, ascending
 */
record Metric(String name, String help, Kind kind, List<String> labels, List<Double> bounds) {
  private static final List<Double> USUAL = List.of(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0);
  private static final Map<String, Kind> KINDS =
      Map.of("COUNTER", Kind.COUNTER, "GAUGE", Kind.GAUGE, "DISTRIBUTION", Kind.DISTRIBUTION);
  private static final int MOST_BUCKETS = 200;

  /** What is done with values. */
  enum Kind {
    /** They are added up. */
    COUNTER,
    /** The last one stands. */
    GAUGE,
    /** They are counted by size. */
    DISTRIBUTION
  }

  Metric {
    labels = List.copyOf(labels);
    bounds = List.copyOf(bounds);
  }

  /** The metrics of a handler by the instances whose values they take. */
  static Map<String, Metric> read(Fields params) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    Map<String, Metric> names = new LinkedHashMap<>();
    for (Fields each : params.mappings("metrics")) {
      String instance = each.text(either(each, "instance_name", "instanceName"));
      Metric metric = metric(each, instance);
      if (names.putIfAbsent(metric.name, metric) != null) {
        each.error("name", "there are two metrics " + metric.name);
      }
      if (metrics.putIfAbsent(instance, metric) != null) {
        each.error(either(each, "instance_name", "instanceName"), "two metrics take the values of " + instance);
      }
    }
    return metrics;
  }

  private static Metric metric(Fields fields, String instance) {
    String space = fields.text("namespace", "istio");
    String name = fields.text("name", instance);
    String full = spelled(space + "_" + (name.indexOf('/') < 0 ? name : name.substring(name.indexOf('/') + 1)));
    if (!full.matches("[a-zA-Z_:][a-zA-Z0-9_:]*")) {
      fields.error("name", "\"" + full + "\" is no name of a metric");
    }
    Optional<Kind> kind = fields.oneOf("kind", KINDS);
    if (!fields.has("kind")) {
      fields.error("kind", "is required: COUNTER, GAUGE or DISTRIBUTION");
    }
    List<String> labels = fields.texts(either(fields, "label_names", "labelNames"));
    for (String label : labels) {
      if (!label.matches("[a-zA-Z_][a-zA-Z0-9_]*") || label.equals("le")) {
        fields.error("label_names", "\"" + label + "\" is no name of a label");
      }
    }
    List<Double> bounds = fields.mapping("buckets").map(Metric::bounds).orElse(USUAL);
    return new Metric(full, fields.text("description", name), kind.orElse(Kind.COUNTER), labels, bounds);
  }

  /** Prometheus' spelling of what Mixer allowed. */
  private static String spelled(String name) {
    return name.replace('/', '_').replace('.', '_').replace(' ', '_').replace("-", "");
  }

  private static List<Double> bounds(Fields buckets) {
    Optional<Fields> explicit = buckets.mapping(either(buckets, "explicit_buckets", "explicitBuckets"));
    Optional<Fields> linear = buckets.mapping(either(buckets, "linear_buckets", "linearBuckets"));
    Optional<Fields> exponential = buckets.mapping(either(buckets, "exponential_buckets", "exponentialBuckets"));
    DoubleStream bounds =
        explicit
            .map(Metric::explicit)
            .or(() -> linear.map(Metric::linear))
            .or(() -> exponential.map(Metric::exponential))
            .orElseGet(DoubleStream::empty);
    List<Double> all = bounds.boxed().toList();
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i) <= all.get(i - 1)) {
        buckets.error("explicit_buckets", "the bounds do not grow: " + all.get(i) + " after " + all.get(i - 1));
        return USUAL;
      }
    }
    return all.isEmpty() ? USUAL : all;
  }

  private static DoubleStream explicit(Fields fields) {
    List<Double> bounds = new ArrayList<>();
    for (Node each : fields.items("bounds")) {
      if (each instanceof Node.Numeric number) {
        bounds.add(number.value());
      } else {
        fields.error("bounds", "should be numbers");
      }
    }
    return bounds.stream().mapToDouble(Double::doubleValue);
  }

  private static DoubleStream linear(Fields fields) {
    double width = fields.number("width", 0, Double.MAX_VALUE).orElse(1.0);
    double offset = fields.number("offset", -Double.MAX_VALUE, Double.MAX_VALUE).orElse(0.0);
    return IntStream.rangeClosed(0, finite(fields)).mapToDouble(i -> offset + i * width);
  }

  private static DoubleStream exponential(Fields fields) {
    double growth = fields.number(either(fields, "growth_factor", "growthFactor"), 0, Double.MAX_VALUE).orElse(2.0);
    double scale = fields.number("scale", 0, Double.MAX_VALUE).orElse(1.0);
    return IntStream.rangeClosed(0, finite(fields)).mapToDouble(i -> scale * Math.pow(growth, i));
  }

  private static int finite(Fields fields) {
    return fields.whole(either(fields, "num_finite_buckets", "numFiniteBuckets"), 1, MOST_BUCKETS).orElse(10L).intValue();
  }

  /** After how many nanoseconds without a value a series is forgotten; 0: never. */
  static long expiry(Fields params) {
    return params
        .mapping(either(params, "metrics_expiration_policy", "metricsExpirationPolicy"))
        .map(
            policy -> {
              policy.duration(either(policy, "expiry_check_interval_duration", "expiryCheckIntervalDuration"));
              return policy.duration(either(policy, "metrics_expiry_duration", "metricsExpiryDuration")).orElse(Duration.ZERO);
            })
        .orElse(Duration.ZERO)
        .toNanos();
  }

  /** A field in proto's spelling or in JSON's. */
  private static String either(Fields fields, String... names) {
    return Arrays.stream(names).filter(fields::has).findFirst().orElse(names[0]);
  }
}

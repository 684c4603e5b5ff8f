package dev.tenon.adapter.prometheus;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Figures in Prometheus' text format, version 0.0.4. */
final class Text {
  private final StringBuilder out = new StringBuilder(4096);
  private final Set<String> said = new HashSet<>();

  /** A metric; a name that another handler's metric has already is left out, for it would be another's. */
  void metric(Metric metric, Collection<Series> all) {
    if (!said.add(metric.name())) {
      out.append("# ").append(metric.name()).append(" of another handler is left out: give it another name or address\n");
      return;
    }
    String kind = metric.kind() == Metric.Kind.DISTRIBUTION ? "histogram" : metric.kind().name().toLowerCase(Locale.ROOT);
    out.append("# HELP ").append(metric.name()).append(' ').append(escaped(metric.help(), false)).append('\n');
    out.append("# TYPE ").append(metric.name()).append(' ').append(kind).append('\n');
    for (Series each : all) {
      if (metric.kind() == Metric.Kind.DISTRIBUTION) {
        distribution(each);
      } else {
        line(metric.name(), each, "", number(each.sum()));
      }
    }
  }

  private void distribution(Series series) {
    String name = series.metric.name();
    List<Double> bounds = series.metric.bounds();
    long below = 0;
    for (int i = 0; i <= bounds.size(); i++) {
      below += series.count(i);
      line(name + "_bucket", series, i == bounds.size() ? "+Inf" : number(bounds.get(i)), Long.toString(below));
    }
    line(name + "_sum", series, "", number(series.sum()));
    line(name + "_count", series, "", Long.toString(below));
  }

  private void line(String name, Series series, String bound, String value) {
    out.append(name);
    List<String> labels = series.metric.labels();
    String before = "{";
    for (int i = 0; i < labels.size(); i++) {
      out.append(before).append(labels.get(i)).append("=\"").append(escaped(series.values.get(i), true)).append('"');
      before = ",";
    }
    if (!bound.isEmpty()) {
      out.append(before).append("le=\"").append(bound).append('"');
      before = ",";
    }
    out.append(before.equals("{") ? "" : "}").append(' ').append(value).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
  }

  private static String escaped(String text, boolean quoted) {
    String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
    return quoted ? escaped.replace("\"", "\\\"") : escaped;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}

package dev.tenon.proxy.report;

import dev.tenon.spi.telemetry.MetricSnapshot;
import dev.tenon.spi.telemetry.MetricSnapshot.Amount;
import dev.tenon.spi.telemetry.MetricSnapshot.Distribution;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** Writes figures in Prometheus' text format, version 0.0.4. */
public final class PrometheusText {
  private final StringBuilder out = new StringBuilder(16 * 1024);

  private PrometheusText() {}

  /** The text of all figures. */
  public static String of(MetricSnapshot snapshot) {
    PrometheusText text = new PrometheusText();
    snapshot.families().forEach(text::family);
    return text.out.toString();
  }

  private void family(Family family) {
    String kind = family.kind().name().toLowerCase(Locale.ROOT);
    out.append("# TYPE ").append(family.name()).append(' ').append(kind).append('\n');
    for (Sample sample : family.samples()) {
      switch (sample.value()) {
        case Amount amount -> line(family.name(), sample.labels(), number(amount.value()));
        case Distribution distribution -> distribution(family.name(), sample.labels(), distribution);
      }
    }
  }

  private void distribution(String name, SequencedMap<String, String> labels, Distribution distribution) {
    long below = 0;
    for (int i = 0; i < distribution.counts().size(); i++) {
      below += distribution.counts().get(i);
      SequencedMap<String, String> more = new LinkedHashMap<>(labels);
      more.put("le", i == distribution.bounds().size() ? "+Inf" : number(distribution.bounds().get(i)));
      line(name + "_bucket", more, Long.toString(below));
    }
    line(name + "_sum", labels, Double.toString(distribution.sum()));
    line(name + "_count", labels, Long.toString(below));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private void line(String name, Map<String, String> labels, String value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{');
      labels.forEach(this::label);
      out.setCharAt(out.length() - 1, '}');
    }
    out.append(' ').append(value).append('\n');
  }

  private void label(String name, String value) {
    out.append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
    out.append("\",");
  }
}

package dev.tenon.adapter.stdio;

import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One handler. */
final class Writing implements ReportAdapter {
  private final Lines lines;
  private final Sink sink;
  private final AtomicLong octets = new AtomicLong();

  Writing(Lines lines, Sink sink) {
    this.lines = lines;
    this.sink = sink;
  }

  @Override
  public void report(List<Instance> instances) throws IOException {
    StringBuilder out = new StringBuilder(instances.size() * 512);
    instances.forEach(each -> lines.add(out, each));
    if (!out.isEmpty()) {
      sink.write(out.toString());
      octets.addAndGet(out.length());
    }
  }

  @Override
  public List<Family> figures() {
    return List.of(new Family("stdio_adapter_characters_total", Kind.COUNTER, List.of(Sample.of(Map.of(), (double) octets.get()))));
  }

  @Override
  public void close() {
    try {
      sink.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

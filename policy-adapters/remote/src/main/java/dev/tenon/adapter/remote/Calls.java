package dev.tenon.adapter.remote;

import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What became of a handler's calls. Thread-safe. */
final class Calls {
  private final Map<String, LongAdder> answered = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> failed = new ConcurrentSkipListMap<>();

  void answered(String what) {
    answered.computeIfAbsent(what, each -> new LongAdder()).increment();
  }

  void failed(String what) {
    failed.computeIfAbsent(what, each -> new LongAdder()).increment();
  }

  List<Family> figures(long opened) {
    List<Sample> samples = new ArrayList<>();
    answered.forEach((what, count) -> samples.add(Sample.of(Map.of("call", what, "outcome", "answered"), (double) count.sum())));
    failed.forEach((what, count) -> samples.add(Sample.of(Map.of("call", what, "outcome", "failed"), (double) count.sum())));
    return List.of(
        new Family("remote_adapter_calls_total", Kind.COUNTER, samples),
        new Family("remote_adapter_sessions_total", Kind.COUNTER, List.of(Sample.of(Map.of(), (double) opened))));
  }
}

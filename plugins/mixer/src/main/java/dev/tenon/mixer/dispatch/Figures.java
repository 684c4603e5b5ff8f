package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.telemetry.MetricSnapshot.Amount;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import dev.tenon.spi.telemetry.MetricSnapshot.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is counted of handlers, and what their adapters count themselves. */
final class Figures {
  private static final Logger LOG = LoggerFactory.getLogger(Figures.class);

  private final List<Handler> handlers;
  private final Map<String, Family> families = new LinkedHashMap<>();

  private Figures(List<Handler> handlers) {
    this.handlers = handlers;
  }

  /** All figures of some handlers. */
  static List<Family> of(List<Handler> handlers) {
    return new Figures(handlers).all();
  }

  private List<Family> all() {
    verdicts("allowed", tally -> tally.allowed);
    verdicts("denied", tally -> tally.denied);
    verdicts("failed", tally -> tally.failed);
    verdicts("generated", tally -> tally.generated);
    for (Tally.Cause cause : Tally.Cause.values()) {
      count("tenon_policy_errors_total", Map.of("reason", cause.name().toLowerCase(Locale.ROOT)), tally -> tally.cause(cause));
    }
    count("tenon_policy_cache_total", Map.of("result", "hit"), tally -> tally.hits);
    count("tenon_policy_cache_total", Map.of("result", "miss"), tally -> tally.misses);
    count("tenon_policy_reports_total", Map.of(), tally -> tally.reported);
    count("tenon_policy_reports_lost_total", Map.of("reason", "adapter"), tally -> tally.lost);
    count("tenon_policy_reports_lost_total", Map.of("reason", "attributes"), tally -> tally.unmade);
    for (Handler each : handlers) {
      add("tenon_policy_call_seconds", Kind.HISTOGRAM, labels(each, Map.of()), each.tally().seconds());
    }
    for (Handler each : handlers) {
      if (each.served().calls() > 0) {
        Tally served = each.served();
        Map.of("allowed", served.allowed, "denied", served.denied, "failed", served.failed).forEach((verdict, count) ->
            add("tenon_policy_served_total", Kind.COUNTER, labels(each, Map.of("verdict", verdict)), new Amount(count.sum())));
        add("tenon_policy_served_seconds", Kind.HISTOGRAM, labels(each, Map.of()), served.seconds());
      }
    }
    handlers.forEach(this::own);
    return List.copyOf(families.values());
  }

  private void verdicts(String verdict, Function<Tally, LongAdder> counter) {
    count("tenon_policy_verdicts_total", Map.of("verdict", verdict), counter);
  }

  private void count(String name, Map<String, String> more, Function<Tally, LongAdder> counter) {
    for (Handler each : handlers) {
      add(name, Kind.COUNTER, labels(each, more), new Amount(counter.apply(each.tally()).sum()));
    }
  }

  private static SequencedMap<String, String> labels(Handler handler, Map<String, String> more) {
    SequencedMap<String, String> labels = new LinkedHashMap<>();
    labels.put("handler", handler.spec().name());
    labels.put("adapter", handler.spec().adapter());
    labels.putAll(more);
    return labels;
  }

  /** What an adapter counts. */
  private void own(Handler handler) {
    Lease lease = handler.slot();
    if (lease == null || !lease.enter()) {
      return;
    }
    try {
      Adapter adapter = lease.adapter();
      for (Family family : adapter.figures()) {
        for (Sample sample : family.samples()) {
          SequencedMap<String, String> labels = new LinkedHashMap<>();
          labels.put("handler", handler.spec().name());
          labels.putAll(sample.labels());
          add(family.name(), family.kind(), labels, sample.value());
        }
      }
    } catch (Throwable t) {
      LOG.warn("the adapter {} of handler {} does not say its figures", handler.spec().adapter(), handler.spec().name(), t);
    } finally {
      lease.leave();
    }
  }

  private void add(String name, Kind kind, SequencedMap<String, String> labels, Value value) {
    Family before = families.get(name);
    List<Sample> samples = new ArrayList<>(before == null ? List.of() : before.samples());
    samples.add(new Sample(labels, value));
    families.put(name, new Family(name, before == null ? kind : before.kind(), samples));
  }
}

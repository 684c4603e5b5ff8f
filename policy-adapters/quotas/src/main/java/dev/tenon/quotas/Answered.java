package dev.tenon.quotas;

import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How a handler has answered so far, for the figures of its adapter. Thread-safe. */
public final class Answered {
  private final LongAdder granted = new LongAdder();
  private final LongAdder partly = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder amount = new LongAdder();

  /** Counts an answer, and gives it back. */
  public Grant with(Charge charge, Grant grant) {
    LongAdder kind = grant.granted() == 0 ? refused : grant.granted() < charge.amount() ? partly : granted;
    kind.increment();
    amount.add(grant.granted());
    return grant;
  }

  /** Counts a question that was not answered. */
  public void failed() {
    failed.increment();
  }

  /** {@code NAME_questions_total} by result, and {@code NAME_granted_total}, the sum of all amounts. */
  public List<Family> figures(String name) {
    return List.of(
        new Family(
            name + "_questions_total",
            Kind.COUNTER,
            List.of(
                Sample.of(Map.of("result", "granted"), (double) granted.sum()),
                Sample.of(Map.of("result", "partly"), (double) partly.sum()),
                Sample.of(Map.of("result", "refused"), (double) refused.sum()),
                Sample.of(Map.of("result", "failed"), (double) failed.sum()))),
        new Family(name + "_granted_total", Kind.COUNTER, List.of(Sample.of(Map.of(), (double) amount.sum()))));
  }
}

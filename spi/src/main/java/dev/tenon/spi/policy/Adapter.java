package dev.tenon.spi.policy;

import dev.tenon.spi.telemetry.MetricSnapshot;
import java.util.List;

/**
 * One configured handler of an adapter. Thread-safe: called for many requests at once.
 *
 * <p>A call that throws counts as the adapter's failure: the rule's choice of open or closed decides.
 */
public interface Adapter extends AutoCloseable {
  /** Judges one instance. */
  Verdict check(Instance instance);

  /**
   * What this handler counts by itself, for {@code /stats/prometheus}; the names begin with the adapter's.
   * A label {@code handler} is added to each. Never waits.
   */
  default List<MetricSnapshot.Family> figures() {
    return List.of();
  }

  /** Frees what the handler holds; no call is under way. */
  @Override
  default void close() {}
}

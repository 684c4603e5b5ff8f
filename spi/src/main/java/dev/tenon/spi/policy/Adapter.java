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

  /**
   * What an operator should know of this handler though it works on: that a list is out of date, that a server does not answer. One line
   * that says what, where and since when; empty while all is well. Shown by {@code tenon policy list} and {@code tenon
   * status}. Never waits.
   */
  default String concern() {
    return "";
  }

  /** Frees what the handler holds; no call is under way. */
  @Override
  default void close() {}
}

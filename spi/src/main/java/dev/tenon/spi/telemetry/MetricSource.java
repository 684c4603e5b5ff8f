package dev.tenon.spi.telemetry;

import java.util.List;

/**
 * Figures that a module adds to those of its process. Offered by modules, read whenever {@code
 * /stats/prometheus} is. Thread-safe.
 */
@FunctionalInterface
public interface MetricSource {
  /** The figures now; never waits. A name stands in one source alone. */
  List<MetricSnapshot.Family> families();
}

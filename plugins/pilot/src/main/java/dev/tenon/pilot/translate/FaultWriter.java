package dev.tenon.pilot.translate;

import dev.tenon.spi.rules.VirtualService.Fault;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent.DenominatorType;
import io.envoyproxy.envoy.type.v3.FractionalPercent;

/** Writes trouble made on purpose. */
final class FaultWriter {
  static final String FILTER = "envoy.filters.http.fault";

  private static final int PER_PERCENT = 10_000;

  private FaultWriter() {}

  static HTTPFault fault(Fault fault) {
    HTTPFault.Builder filter = HTTPFault.newBuilder();
    fault
        .delay()
        .ifPresent(
            delay ->
                filter.setDelay(
                    FaultDelay.newBuilder()
                        .setFixedDelay(Addresses.duration(delay))
                        .setPercentage(percent(fault.delayPercent()))));
    fault
        .abortStatus()
        .ifPresent(
            status ->
                filter.setAbort(
                    FaultAbort.newBuilder()
                        .setHttpStatus(status)
                        .setPercentage(percent(fault.abortPercent()))));
    return filter.build();
  }

  /** A percentage with four decimal places, the most that Envoy tells apart. */
  private static FractionalPercent percent(double percent) {
    return FractionalPercent.newBuilder()
        .setNumerator((int) Math.round(percent * PER_PERCENT))
        .setDenominator(DenominatorType.MILLION)
        .build();
  }
}

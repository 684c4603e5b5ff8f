package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import dev.tenon.wire.xds.v1.FaultAbort;
import dev.tenon.wire.xds.v1.FaultDelay;
import dev.tenon.wire.xds.v1.FractionalPercent;
import dev.tenon.wire.xds.v1.HTTPFault;
import dev.tenon.wire.xds.v1.PerFilter;
import java.util.List;
import java.util.Optional;

/** Compiles faults, the one thing that this proxy takes from a route's per-filter configuration. */
final class FaultCompiler {
  static final String FILTER = "envoy.filters.http.fault";
  static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault";

  private static final Shape PERCENT =
      Shape.of(
          "envoy.type.v3.FractionalPercent",
          FractionalPercent.NUMERATOR_FIELD_NUMBER,
          FractionalPercent.DENOMINATOR_FIELD_NUMBER);

  private static final Shape SHAPE =
      Shape.of("envoy.extensions.filters.http.fault.v3.HTTPFault", HTTPFault.DISABLE_DOWNSTREAM_CLUSTER_STATS_FIELD_NUMBER)
          .with(
              HTTPFault.DELAY_FIELD_NUMBER,
              Shape.of("envoy.extensions.filters.common.fault.v3.FaultDelay", FaultDelay.FIXED_DELAY_FIELD_NUMBER)
                  .with(FaultDelay.PERCENTAGE_FIELD_NUMBER, PERCENT))
          .with(
              HTTPFault.ABORT_FIELD_NUMBER,
              Shape.of("envoy.extensions.filters.http.fault.v3.FaultAbort", FaultAbort.HTTP_STATUS_FIELD_NUMBER)
                  .with(FaultAbort.PERCENTAGE_FIELD_NUMBER, PERCENT));

  private FaultCompiler() {}

  /** The fault of a level's per-filter configuration, or the fall-back where it says nothing. */
  static Optional<FaultSpec> perFilter(List<PerFilter> configs, Optional<FaultSpec> fallback) {
    Optional<FaultSpec> fault = fallback;
    for (PerFilter config : configs) {
      String field = "typed_per_filter_config[" + config.getKey() + "]";
      if (!config.getKey().equals(FILTER)) {
        throw new Unusable(
            field, "is " + config.getValue().getTypeUrl() + " of a filter that this proxy does not have");
      }
      fault = Optional.of(Unusable.in(field, () -> compile(config.getValue())));
    }
    return fault;
  }

  static FaultSpec compile(Any config) {
    HTTPFault fault = Unusable.unpack(config, TYPE, SHAPE, HTTPFault::parseFrom);
    return new FaultSpec(
        fault.hasDelay() ? Unusable.in("delay", () -> Optional.of(delay(fault.getDelay()))) : Optional.empty(),
        fault.hasAbort() ? Unusable.in("abort", () -> Optional.of(abort(fault.getAbort()))) : Optional.empty());
  }

  private static FaultSpec.Delay delay(FaultDelay delay) {
    if (!delay.hasFixedDelay()) {
      throw new Unusable("fixed_delay", "is required");
    }
    return new FaultSpec.Delay(
        Unusable.in("fixed_delay", () -> Values.duration(delay.getFixedDelay())),
        Unusable.in("percentage", () -> Values.perMillion(delay.getPercentage())));
  }

  private static FaultSpec.Abort abort(FaultAbort abort) {
    if (abort.getHttpStatus() < 200 || abort.getHttpStatus() > 599) {
      throw new Unusable("http_status", abort.getHttpStatus() + " is not between 200 and 599");
    }
    return new FaultSpec.Abort(
        abort.getHttpStatus(), Unusable.in("percentage", () -> Values.perMillion(abort.getPercentage())));
  }
}

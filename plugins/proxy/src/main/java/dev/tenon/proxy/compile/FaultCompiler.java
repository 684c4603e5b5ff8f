package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.Map;
import java.util.Optional;

/** Compiles faults, the one thing that this proxy takes from a route's per-filter configuration. */
final class FaultCompiler {
  static final String FILTER = "envoy.filters.http.fault";
  static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault";

  private static final Shape PERCENT =
      Shape.of(
          FractionalPercent::getDescriptor,
          FractionalPercent.NUMERATOR_FIELD_NUMBER,
          FractionalPercent.DENOMINATOR_FIELD_NUMBER);

  private static final Shape SHAPE =
      Shape.of(HTTPFault::getDescriptor, HTTPFault.DISABLE_DOWNSTREAM_CLUSTER_STATS_FIELD_NUMBER)
          .with(
              HTTPFault.DELAY_FIELD_NUMBER,
              Shape.of(FaultDelay::getDescriptor, FaultDelay.FIXED_DELAY_FIELD_NUMBER)
                  .with(FaultDelay.PERCENTAGE_FIELD_NUMBER, PERCENT))
          .with(
              HTTPFault.ABORT_FIELD_NUMBER,
              Shape.of(FaultAbort::getDescriptor, FaultAbort.HTTP_STATUS_FIELD_NUMBER)
                  .with(FaultAbort.PERCENTAGE_FIELD_NUMBER, PERCENT));

  private FaultCompiler() {}

  /** The fault of a level's per-filter configuration, or the fall-back where it says nothing. */
  static Optional<FaultSpec> perFilter(Map<String, Any> configs, Optional<FaultSpec> fallback) {
    for (Map.Entry<String, Any> entry : configs.entrySet()) {
      if (!entry.getKey().equals(FILTER)) {
        throw new Unusable(
            "typed_per_filter_config[" + entry.getKey() + "]",
            "is " + entry.getValue().getTypeUrl() + " of a filter that this proxy does not have");
      }
    }
    Any config = configs.get(FILTER);
    return config == null
        ? fallback
        : Unusable.in("typed_per_filter_config[" + FILTER + "]", () -> Optional.of(compile(config)));
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

package dev.tenon.proxy.serve;

import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.report.Telemetry;
import dev.tenon.spi.model.Locality;
import org.jspecify.annotations.Nullable;

/**
 * What a data plane has of others' code.
 *
 * @param plugs those of the request path
 * @param here where this proxy runs, for balancers
 * @param telemetry who is told of finished requests; null: nobody
 */
public record Outfit(Plugs plugs, Locality here, @Nullable Telemetry telemetry) {
  /** Nothing. */
  public static Outfit none() {
    return new Outfit(Plugs.none(), Locality.NONE, null);
  }
}

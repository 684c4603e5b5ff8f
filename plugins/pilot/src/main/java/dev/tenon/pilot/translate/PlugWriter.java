package dev.tenon.pilot.translate;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.spi.rules.DestinationRule.PlugBalancer;
import dev.tenon.spi.rules.FilterRule;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Writes where plug-ins are asked for, in a form that any client of xDS can read and pass over: a
 * {@code TypedStruct} whose type only Tenon's proxies know.
 */
final class PlugWriter {
  private static final String TYPES = "type.googleapis.com/dev.tenon.traffic.v1.";

  private PlugWriter() {}

  /** A filter; optional to those who do not know it, if requests may go on without it. */
  static HttpFilter filter(FilterRule rule) {
    Struct.Builder said =
        Struct.newBuilder()
            .putFields("plugin", Structs.text(rule.plugin()))
            .putFields("config", Value.newBuilder().setStructValue(Structs.struct(rule.config())).build())
            .putFields("on_failure", Structs.text(rule.failOpen() ? "OPEN" : "CLOSED"))
            .putFields("origin", Structs.text(rule.meta().at().toString()));
    return HttpFilter.newBuilder()
        .setName("dev.tenon.plug/" + rule.meta().key())
        .setIsOptional(rule.failOpen())
        .setTypedConfig(typed("RequestFilter", said.build()))
        .build();
  }

  /** A balancer, the first choice of a cluster. */
  static Any balancer(PlugBalancer plug) {
    Struct.Builder said =
        Struct.newBuilder()
            .putFields("plugin", Structs.text(plug.name()))
            .putFields("config", Value.newBuilder().setStructValue(Structs.struct(plug.config())).build())
            .putFields("origin", Structs.text(plug.config().at().toString()));
    return typed("Balancer", said.build());
  }

  private static Any typed(String type, Struct value) {
    return Packing.any(TypedStruct.newBuilder().setTypeUrl(TYPES + type).setValue(value).build());
  }
}

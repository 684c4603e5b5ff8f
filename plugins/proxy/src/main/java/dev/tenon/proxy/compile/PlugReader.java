package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.spi.config.Position;
import dev.tenon.wire.xds.v1.TypedStruct;
import java.util.Map;
import java.util.Set;

/** Reads where plug-ins are asked for: a {@code TypedStruct} that any client of xDS can pass over. */
final class PlugReader {
  static final String FILTER = "type.googleapis.com/dev.tenon.traffic.v1.RequestFilter";
  static final String BALANCER = "type.googleapis.com/dev.tenon.traffic.v1.Balancer";

  private static final String TYPED_STRUCT = "type.googleapis.com/xds.type.v3.TypedStruct";
  private static final Set<String> OF_FILTER = Set.of("plugin", "config", "on_failure", "origin");
  private static final Set<String> OF_BALANCER = Set.of("plugin", "config", "origin");

  private PlugReader() {}

  /** The type of an extension's configuration, that within a {@code TypedStruct} if it is one. */
  static String type(Any config) {
    return config.getTypeUrl().equals(TYPED_STRUCT) ? typed(config).getTypeUrl() : config.getTypeUrl();
  }

  static FilterSpec filter(String name, Any config) {
    Map<String, Value> said = said(config, OF_FILTER);
    String onFailure = text(said, "on_failure");
    if (!Set.of("", "OPEN", "CLOSED").contains(onFailure)) {
      throw new Unusable("value.on_failure", "\"" + onFailure + "\" is none of CLOSED, OPEN");
    }
    int slash = name.indexOf('/');
    return new FilterSpec(slash < 0 ? name : name.substring(slash + 1), plug(said), onFailure.equals("OPEN"));
  }

  static PlugSpec balancer(Any config) {
    return plug(said(config, OF_BALANCER));
  }

  private static PlugSpec plug(Map<String, Value> said) {
    String plugin = text(said, "plugin");
    if (plugin.isEmpty()) {
      throw new Unusable("value.plugin", "is required");
    }
    Position at = Structs.position(text(said, "origin"));
    Struct config = said.getOrDefault("config", Value.getDefaultInstance()).getStructValue();
    return new PlugSpec(plugin, Unusable.in("value.config", () -> Structs.mapping(config, at)));
  }

  private static Map<String, Value> said(Any config, Set<String> known) {
    Map<String, Value> said = typed(config).getValue().getFieldsMap();
    for (String field : said.keySet()) {
      if (!known.contains(field)) {
        throw new Unusable("value." + field, "is not carried out by this proxy");
      }
    }
    return said;
  }

  private static String text(Map<String, Value> said, String field) {
    return said.getOrDefault(field, Value.getDefaultInstance()).getStringValue();
  }

  private static TypedStruct typed(Any config) {
    try {
      return TypedStruct.parseFrom(config.getValue());
    } catch (InvalidProtocolBufferException e) {
      throw new Unusable("", "cannot be parsed: " + e.getMessage());
    }
  }
}

package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.tenon.proxy.subscribe.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shows what an assembly holds and refused, in the words of Envoy's {@code /config_dump}. */
public final class ConfigDump {
  private final JsonFormat.Printer printer =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .usingTypeRegistry(EnvoyApi.TYPES);

  private ConfigDump() {}

  /** A JSON object with a section for each kind; resources by name. */
  public static String json(Assembly assembly) {
    ConfigDump dump = new ConfigDump();
    List<String> sections = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      sections.add(dump.section(kind, assembly));
    }
    return "{\"configs\": [\n" + String.join(",\n", sections) + "\n]}\n";
  }

  private String section(Kind kind, Assembly assembly) {
    Inventory<?> inventory = assembly.inventory(kind);
    List<String> entries = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(inventory.held().keySet());
    names.addAll(inventory.refused().keySet());
    for (String name : names) {
      entries.add(entry(kind, name, inventory, assembly.live(kind, name)));
    }
    return "{\"@type\": " + text("type.googleapis.com/" + section(kind)) + ", " + text(list(kind)) + ": ["
        + String.join(",\n", entries) + "]}";
  }

  private static String section(Kind kind) {
    return switch (kind) {
      case CLUSTERS -> "envoy.admin.v3.ClustersConfigDump";
      case ENDPOINTS -> "envoy.admin.v3.EndpointsConfigDump";
      case LISTENERS -> "envoy.admin.v3.ListenersConfigDump";
      case ROUTES -> "envoy.admin.v3.RoutesConfigDump";
      case POLICIES -> "dev.tenon.admin.v1.PoliciesConfigDump";
      case WORKLOADS -> "dev.tenon.admin.v1.WorkloadsConfigDump";
    };
  }

  private static String list(Kind kind) {
    return switch (kind) {
      case CLUSTERS -> "dynamic_active_clusters";
      case ENDPOINTS -> "dynamic_endpoint_configs";
      case LISTENERS -> "dynamic_listeners";
      case ROUTES -> "dynamic_route_configs";
      case POLICIES -> "dynamic_policies";
      case WORKLOADS -> "dynamic_workloads";
    };
  }

  private static String field(Kind kind) {
    return switch (kind) {
      case CLUSTERS -> "cluster";
      case ENDPOINTS -> "endpoint_config";
      case LISTENERS -> "listener";
      case ROUTES -> "route_config";
      case POLICIES -> "policy";
      case WORKLOADS -> "workload";
    };
  }

  private String entry(Kind kind, String name, Inventory<?> inventory, boolean live) {
    Map<String, String> fields = new TreeMap<>();
    Inventory.Held<?> held = inventory.held().get(name);
    if (held != null) {
      String state = state(kind, held.version(), held.body(), held.since());
      if (kind == Kind.LISTENERS) {
        fields.put(live ? "active_state" : "warming_state", "{" + state + "}");
      } else {
        fields.put("", state);
        fields.put("client_status", text(live ? "ACKED" : "WARMING"));
      }
    }
    Inventory.Refused refused = inventory.refused().get(name);
    if (refused != null) {
      fields.put("error_state", error(kind, refused));
    }
    StringBuilder json = new StringBuilder("{\"name\": ").append(text(name));
    fields.forEach((key, value) -> json.append(", ").append(key.isEmpty() ? value : text(key) + ": " + value));
    return json.append('}').toString();
  }

  private String state(Kind kind, String version, ByteString body, Instant since) {
    return "\"version_info\": " + text(version) + ", \"last_updated\": " + text(since.toString()) + ", "
        + text(field(kind)) + ": " + body(kind, body);
  }

  private String error(Kind kind, Inventory.Refused refused) {
    return "{\"version_info\": " + text(refused.version())
        + ", \"last_update_attempt\": " + text(refused.at().toString())
        + ", \"details\": " + text(refused.rejection().toString())
        + ", \"failed_configuration\": " + body(kind, refused.body()) + "}";
  }

  /** The message as JSON; in base 64 when it has something in it that nobody here knows. */
  private String body(Kind kind, ByteString body) {
    try {
      return printer.print(Any.newBuilder().setTypeUrl(kind.typeUrl()).setValue(body).build());
    } catch (InvalidProtocolBufferException e) {
      return "{\"@type\": " + text(kind.typeUrl()) + ", \"value\": "
          + text(Base64.getEncoder().encodeToString(body.toByteArray())) + "}";
    }
  }

  private static String text(String value) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}

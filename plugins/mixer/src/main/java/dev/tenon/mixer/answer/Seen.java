package dev.tenon.mixer.answer;

import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.HeaderEdit;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that an Envoy told of, in Mixer's terms. Immutable.
 *
 * @param called the called side
 * @param headers by names in lower case; method, path and authority are pseudo headers
 * @param source who sent it, when that is known
 * @param values further attributes, with the types that they have
 * @param neighbours who lives where
 */
record Seen(
    Called called, Map<String, String> headers, @Nullable InetAddress source, Map<String, Object> values, Neighbours neighbours)
    implements Attributes {

  @Override
  public @Nullable Workload workload(InetAddress address) {
    return neighbours.at(address);
  }

  @Override
  public @Nullable Object get(String attribute) {
    return switch (attribute) {
      case "request.method" -> headers.get(":method");
      case "request.path" -> headers.get(":path");
      case "request.url_path" -> Target.path(headers.get(":path"));
      case "request.host" -> authority();
      case "request.scheme" -> headers.getOrDefault(":scheme", "http");
      case "request.useragent" -> headers.get("user-agent");
      case "request.referer" -> headers.get("referer");
      case "request.headers" -> headers;
      case "request.query_params" -> Target.parameters(headers.get(":path"));
      case "context.protocol" -> headers.getOrDefault("content-type", "").startsWith("application/grpc") ? "grpc" : "http";
      case "context.reporter.kind" -> "inbound";
      case "context.reporter.uid" -> called.attributes().get("destination.uid");
      case "connection.mtls" -> values.getOrDefault(attribute, false);
      case "source.ip", "origin.ip" -> source;
      case "destination.labels" -> called.labels();
      default -> other(attribute);
    };
  }

  private @Nullable Object other(String attribute) {
    if (attribute.startsWith("source.")) {
      Workload caller = source == null ? null : neighbours.at(source);
      return caller == null ? values.get(attribute) : of(caller, attribute);
    }
    Object value = values.get(attribute);
    if (value != null) {
      return value;
    }
    String configured = called.attributes().get(attribute);
    return switch (attribute) {
      case "destination.ip" -> configured == null ? null : Names.ipAddress(configured).orElse(null);
      case "destination.port" -> configured == null ? null : port(configured);
      default -> configured;
    };
  }

  private static @Nullable Long port(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private @Nullable Object of(Workload caller, String attribute) {
    return switch (attribute) {
      case "source.name", "source.workload.name" -> caller.name();
      case "source.namespace", "source.workload.namespace" -> caller.namespace();
      case "source.uid" -> "kubernetes://" + caller.name() + "." + caller.namespace();
      case "source.serviceAccount" -> caller.serviceAccount();
      case "source.labels" -> caller.labels();
      default -> values.get(attribute);
    };
  }

  private @Nullable String authority() {
    String authority = headers.get(":authority");
    return authority == null ? headers.get("host") : authority;
  }

  /** Makes no map to say that there is one. */
  @Override
  public boolean has(String attribute) {
    return switch (attribute) {
      case "request.headers", "request.query_params", "destination.labels" -> true;
      default -> get(attribute) != null;
    };
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    return switch (attribute) {
      case "request.headers" -> header(key.toLowerCase(Locale.ROOT));
      case "destination.labels" -> called.labels().get(key);
      default -> {
        boolean lower = attribute.endsWith(".headers");
        yield get(attribute) instanceof Map<?, ?> map && map.get(lower ? key.toLowerCase(Locale.ROOT) : key) instanceof String value
            ? value
            : null;
      }
    };
  }

  private @Nullable String header(String name) {
    return name.equals("host") || name.equals(":authority") ? authority() : headers.get(name);
  }

  /** The request as it goes on after changes of its head. */
  Seen after(List<HeaderEdit> edits) {
    if (edits.isEmpty()) {
      return this;
    }
    Map<String, String> changed = new LinkedHashMap<>(headers);
    for (HeaderEdit edit : edits) {
      switch (edit.operation()) {
        case REMOVE -> changed.remove(edit.name());
        case APPEND -> changed.merge(edit.name(), edit.value(), (one, other) -> one + "," + other);
        case REPLACE -> changed.put(edit.name(), edit.value());
      }
    }
    return new Seen(called, changed, source, values, neighbours);
  }

  /** Some of its attributes alone, as far as it has them. */
  static Attributes only(Attributes request, Iterable<String> names) {
    Map<String, Object> values = new HashMap<>();
    for (String name : names) {
      Object value = request.get(name);
      if (value != null) {
        values.put(name, value);
      }
    }
    return new Kept(values);
  }

  @Override
  public Attributes snapshot() {
    return this;
  }

  /** Attributes that were read. */
  private record Kept(Map<String, Object> values) implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return values.get(attribute);
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      String wanted = attribute.endsWith(".headers") ? key.toLowerCase(Locale.ROOT) : key;
      return values.get(attribute) instanceof Map<?, ?> map && map.get(wanted) instanceof String value ? value : null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}

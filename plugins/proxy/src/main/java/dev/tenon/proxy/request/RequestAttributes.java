package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Octets;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call in Mixer's terms. Nothing is read from the head before a rule asks for it. */
public final class RequestAttributes implements Attributes {
  private final Call call;
  private final Map<String, String> configured;
  private final Map<String, Workload> workloads;
  private final @Nullable Workload source;
  private final @Nullable Ending ending;

  /**
   * A view of a call.
   *
   * @param configured what the mesh knows of the called side
   * @param workloads who lives at an address, by {@code network/address}
   */
  public RequestAttributes(Call call, Map<String, String> configured, Map<String, Workload> workloads) {
    this(call, configured, workloads, null);
  }

  /**
   * A view of a call that is over.
   *
   * @param ending what became of it; null while it is not over
   */
  public RequestAttributes(
      Call call, Map<String, String> configured, Map<String, Workload> workloads, @Nullable Ending ending) {
    this.call = call;
    this.configured = configured;
    this.workloads = workloads;
    this.source = call.peer() == null ? null : workload(call.peer().getAddress());
    this.ending = ending;
  }

  @Override
  public @Nullable Workload workload(InetAddress address) {
    return workloads.get("/" + address.getHostAddress());
  }

  @Override
  public @Nullable Object get(String attribute) {
    return switch (attribute) {
      case "request.method" -> call.method();
      case "request.path" -> call.pathAndQuery();
      case "request.url_path" -> call.path();
      case "request.host" -> call.authority();
      case "request.scheme" -> "http";
      case "request.useragent" -> header("user-agent");
      case "request.referer" -> header("referer");
      case "request.id" -> requestId();
      case "request.time", "context.time", "context.timestamp" -> ending == null ? Instant.now() : ending.start();
      case "request.size" -> ending == null ? Math.max(0, call.head().contentLength()) : ending.received();
      case "request.headers" -> headers();
      case "request.query_params" -> queryParameters();
      case "context.protocol" -> isGrpc() ? "grpc" : "http";
      case "context.reporter.kind" -> "inbound";
      case "context.reporter.uid" -> configured.get("destination.uid");
      case "connection.mtls" -> false;
      case "source.ip", "origin.ip" -> call.peer() == null ? null : call.peer().getAddress();
      case "source.port" -> call.peer() == null ? null : (long) call.peer().getPort();
      case "destination.ip" -> configured.containsKey(attribute) ? configured.get(attribute) : address(call.local());
      case "destination.port" -> call.local() == null ? null : (long) call.local().getPort();
      default -> other(attribute);
    };
  }

  /** Makes no map to say that there is one. */
  @Override
  public boolean has(String attribute) {
    return switch (attribute) {
      case "request.headers", "request.query_params", "destination.labels" -> true;
      default -> get(attribute) != null;
    };
  }

  private static @Nullable Object address(@Nullable InetSocketAddress at) {
    return at == null ? null : at.getAddress();
  }

  private @Nullable Object other(String attribute) {
    if (source != null) {
      switch (attribute) {
        case "source.name", "source.workload.name" -> {
          return source.name();
        }
        case "source.namespace", "source.workload.namespace" -> {
          return source.namespace();
        }
        case "source.uid" -> {
          return "kubernetes://" + source.name() + "." + source.namespace();
        }
        case "source.serviceAccount" -> {
          return source.serviceAccount();
        }
        case "source.labels" -> {
          return source.labels();
        }
        default -> {}
      }
    }
    if (ending != null) {
      Object value = ending.get(attribute, call.head());
      if (value != null) {
        return value;
      }
    }
    if (attribute.equals("destination.labels")) {
      Map<String, String> labels = new HashMap<>();
      configured.forEach((name, value) -> {
        if (name.startsWith(DESTINATION_LABELS)) {
          labels.put(name.substring(DESTINATION_LABELS.length()), value);
        }
      });
      return labels;
    }
    return configured.get(attribute);
  }

  private static final String DESTINATION_LABELS = "destination.labels.";

  @Override
  public @Nullable String entry(String attribute, String key) {
    return switch (attribute) {
      case "request.headers" -> pseudoOrHeader(key.toLowerCase(Locale.ROOT));
      case "request.query_params" -> Queries.first(call.pathBytes(), call.pathEnd(), call.targetEnd(), key);
      case "source.labels" -> source == null ? null : source.labels().get(key);
      case "response.headers" -> ending == null ? null : ending.headers().get(key.toLowerCase(Locale.ROOT));
      case "destination.labels" -> configured.get(DESTINATION_LABELS + key);
      default -> null;
    };
  }

  private @Nullable String pseudoOrHeader(String name) {
    return switch (name) {
      case ":method" -> call.method();
      case ":path" -> call.pathAndQuery();
      case ":authority", "host" -> call.authority();
      case ":scheme" -> "http";
      case "x-request-id" -> requestId();
      default -> header(name);
    };
  }

  private @Nullable String header(String name) {
    return call.head().joined(name);
  }

  private @Nullable String requestId() {
    return call.requestId();
  }

  private boolean isGrpc() {
    String type = header("content-type");
    return type != null && type.startsWith("application/grpc");
  }

  private Map<String, String> headers() {
    Head head = call.head();
    Map<String, String> all = new LinkedHashMap<>();
    all.put(":method", call.method());
    all.put(":path", call.pathAndQuery());
    all.put(":authority", call.authority());
    add(head, all);
    return all;
  }

  /** The fields of a head by their names in lower case. */
  public static Map<String, String> fields(Head head) {
    Map<String, String> all = new LinkedHashMap<>();
    add(head, all);
    return all;
  }

  private static void add(Head head, Map<String, String> all) {
    for (int field = 0; field < head.count(); field++) {
      String name = Octets.text(head.bytes(), head.nameAt(field), head.nameEnd(field)).toLowerCase(Locale.ROOT);
      all.merge(name, head.value(field), (one, other) -> one + "," + other);
    }
  }

  private Map<String, String> queryParameters() {
    return Queries.all(call.pathBytes(), call.pathEnd(), call.targetEnd());
  }

  @Override
  public Attributes snapshot() {
    Map<String, Object> values = new HashMap<>(configured);
    for (String name : Snapshot.READ) {
      Object value = get(name);
      if (value != null) {
        values.put(name, value);
      }
    }
    return new Snapshot(Map.copyOf(values), workloads);
  }
}

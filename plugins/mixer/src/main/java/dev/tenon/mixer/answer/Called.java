package dev.tenon.mixer.answer;

import dev.tenon.spi.trust.HostIdentity;
import dev.tenon.wire.peer.Peers;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The called side of requests that an Envoy asks about, as pilot writes it into the metadata of each of its calls:
 * {@code policy=istio-system~2Cdefault&destination.service.name=reviews&…}, encoded as a query is, with {@code ~} for the percent sign.
 *
 * @param namespaces whose policy judges, in this order
 * @param attributes what the mesh knows of the called side; a label is {@code destination.labels.<name>}
 * @param labels the labels among them
 */
record Called(List<String> namespaces, Map<String, String> attributes, Map<String, String> labels) {
  /** The header of a call. */
  static final Metadata.Key<String> HEADER = Metadata.Key.of("tenon-called", Metadata.ASCII_STRING_MARSHALLER);

  /** Who is called, as far as the metadata of the present call says. */
  private static final Context.Key<Called> PRESENT = Context.key("tenon-called");

  /** Of a call that says nothing. */
  static final Called NOBODY = new Called(List.of(), Map.of(), Map.of());

  private static final String POLICY = "policy";
  private static final String LABEL = "destination.labels.";
  private static final int LONGEST = 16 << 10;

  Called {
    namespaces = List.copyOf(namespaces);
    attributes = Map.copyOf(attributes);
    labels = Map.copyOf(labels);
  }

  /** Who is called by the present call. */
  static Called present() {
    Called said = PRESENT.get();
    return said == null ? NOBODY : said;
  }

  /** @throws IllegalArgumentException when it is too long or cannot be decoded */
  static Called of(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("tenon-called is longer than " + LONGEST + " characters");
    }
    Map<String, String> said = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        said.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return of(said);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace('~', '%'), StandardCharsets.UTF_8);
  }

  private static Called of(Map<String, String> said) {
    Map<String, String> attributes = new HashMap<>(said);
    String policy = attributes.remove(POLICY);
    Map<String, String> labels = new HashMap<>();
    attributes.forEach((name, value) -> {
      if (name.startsWith(LABEL)) {
        labels.put(name.substring(LABEL.length()), value);
      }
    });
    return new Called(policy == null || policy.isEmpty() ? List.of() : List.of(policy.split(",", 65)), attributes, labels);
  }

  /** With what a request says besides, as the context extensions of a route do; they are believed first. */
  Called with(Map<String, String> more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<String, String> said = new HashMap<>(attributes);
    said.put(POLICY, String.join(",", namespaces));
    said.putAll(more);
    return of(said);
  }

  /** Reads the metadata of calls. What was read lately is kept, since an Envoy says the same with each call. */
  static final class Reader implements ServerInterceptor {
    private static final int MOST_KEPT = 4096;

    private final ConcurrentMap<String, Called> read = new ConcurrentHashMap<>();

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      Called called;
      try {
        called = read(headers.get(HEADER));
      } catch (IllegalArgumentException e) {
        call.close(Status.INVALID_ARGUMENT.withDescription(e.getMessage()), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      List<String> uris = Peers.URIS.get();
      if (!uris.isEmpty() && !isCallers(called, uris)) {
        call.close(Status.PERMISSION_DENIED.withDescription("the called side is not the caller's own workload"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return Contexts.interceptCall(Context.current().withValue(PRESENT, called), call, headers, next);
    }

    private Called read(@org.jspecify.annotations.Nullable String text) {
      if (text == null) {
        return NOBODY;
      }
      Called known = read.get(text);
      if (known == null) {
        known = of(text);
        if (read.size() >= MOST_KEPT) {
          read.clear();
        }
        read.put(text, known);
      }
      return known;
    }

    /** From another machine, a host speaks for its own workload alone. */
    private static boolean isCallers(Called called, List<String> uris) {
      Optional<HostIdentity> host = HostIdentity.of(uris);
      return host.filter(
              each ->
                  each.isOf(
                      called.attributes().getOrDefault("destination.namespace", ""), called.attributes().getOrDefault("destination.name", "")))
          .isPresent();
    }
  }
}

package dev.tenon.adapter.remote;

import com.google.protobuf.Struct;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Where an adapter is, and what it is told of a handler. Parameters: {@code address}; {@code tls} with {@code authority},
 * {@code certificate}, {@code key} and {@code serverName}, without which the address has to be of this machine; {@code deadline}
 * [500ms] of a call, 1ms to 10s; {@code config}, the adapter's own.
 *
 * @param tls null for a connection within this machine that is not encrypted
 * @param serverName what the adapter's certificate has to be for; null for the host of the address
 */
record Place(String host, int port, @Nullable SslContext tls, @Nullable String serverName, Duration deadline, Struct config) {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration USUAL = Duration.ofMillis(500);

  static Place read(Fields params) {
    String address = params.text("address");
    int colon = address.lastIndexOf(':');
    String host = colon <= 0 ? "" : address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    int port = port(address.substring(colon + 1));
    if (host.isEmpty() || host.contains("/") || port == 0) {
      params.error("address", "\"" + address + "\" is no address; write it like 127.0.0.1:9070");
      host = "127.0.0.1";
      port = 1; // a place to hold: what has errors is never used
    }
    Optional<Fields> tls = params.mapping("tls");
    SslContext context = tls.map(Place::context).orElse(null);
    if (tls.isEmpty() && !ofThisMachine(host)) {
      params.error("address", host + " is another machine: say with tls whose certificate the adapter has; without it only this machine's loopback is called");
    }
    Duration deadline = params.duration("deadline").orElse(USUAL);
    if (deadline.isZero() || deadline.compareTo(LONGEST) > 0) {
      params.error("deadline", "should be more than 0 and at most 10s");
      deadline = USUAL;
    }
    Struct config = params.node("config").map(node -> config(params, node)).orElse(Struct.getDefaultInstance());
    return new Place(host, port, context, tls.flatMap(each -> each.optionalText("serverName")).orElse(null), deadline, config);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port < 1 || port > 65_535 ? 0 : port;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static boolean ofThisMachine(String host) {
    try {
      return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable SslContext context(Fields tls) {
    String authority = tls.text("authority");
    String certificate = tls.text("certificate", "");
    String key = tls.text("key", "");
    if (certificate.isEmpty() != key.isEmpty()) {
      tls.error("certificate", "and key go together: give both, or neither where the adapter asks for none");
      return null;
    }
    try {
      SslContextBuilder context = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK).trustManager(new File(authority));
      if (!certificate.isEmpty()) {
        context.keyManager(new File(certificate), new File(key));
      }
      return context.build();
    } catch (SSLException | IllegalArgumentException e) {
      tls.error("authority", "these files make no TLS: " + e.getMessage());
      return null;
    }
  }

  private static Struct config(Fields params, Node node) {
    if (node instanceof Node.Mapping mapping) {
      return Plain.struct(mapping);
    }
    params.error("config", "should be a mapping of the adapter's own fields");
    return Struct.getDefaultInstance();
  }

  /** For messages. */
  String address() {
    return host + ":" + port;
  }
}

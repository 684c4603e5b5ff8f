package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import java.util.Locale;
import java.util.Set;

/** Reads a port's protocol: Istio knows many, this build carries out HTTP. */
final class Protocols {
  private static final Set<String> KNOWN =
      Set.of(
          "HTTP", "HTTPS", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB", "MONGO", "MYSQL", "REDIS", "TCP",
          "TLS", "UDP", "HBONE");

  private Protocols() {}

  /** Checks the field {@code protocol}. */
  static void http(Fields port, boolean required) {
    String text = port.text("protocol", "");
    String protocol = text.toUpperCase(Locale.ROOT);
    if (text.isEmpty()) {
      if (required) {
        port.error("protocol", "is required; write HTTP");
      } else {
        Values.refuse(port, "protocol", "a port without a protocol is TCP, and this build routes HTTP alone; write protocol: HTTP");
      }
    } else if (!KNOWN.contains(protocol)) {
      port.error("protocol", "\"" + text + "\" is no protocol; write HTTP");
    } else if (!protocol.equals("HTTP")) {
      Values.refuse(port, "protocol", text + " needs more than this build routes, which is HTTP/1.1; write HTTP if that is spoken there, or leave the port out");
    }
  }
}

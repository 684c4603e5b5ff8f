package dev.tenon.spi.model;

import java.util.Locale;
import java.util.Optional;

/** What is spoken on a port, in the names of Istio's {@code Port.protocol}. */
public enum Protocol {
  HTTP,
  HTTP2,
  GRPC,
  HTTPS,
  TLS,
  TCP,
  /** Not said: traffic is treated as TCP until protocol detection says otherwise. */
  UNSPECIFIED;

  /** Whether requests on such a port can be routed by their HTTP head. */
  public boolean isHttp() {
    return this == HTTP || this == HTTP2 || this == GRPC;
  }

  /** Reads a name without regard to case; empty when no protocol has it. */
  public static Optional<Protocol> parse(String name) {
    for (Protocol protocol : values()) {
      if (protocol.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}

package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.VirtualService.Destination;
import java.util.Optional;

/** Reads Istio's {@code Destination}. */
final class DestinationDecoder {
  private static final Destination NOWHERE = new Destination("", "", Optional.empty());

  private DestinationDecoder() {}

  static Destination decode(Fields owner) {
    Optional<Fields> fields = owner.mapping("destination");
    if (fields.isEmpty()) {
      if (!owner.has("destination")) {
        owner.error("destination", "is required");
      }
      return NOWHERE;
    }
    Fields destination = fields.get();
    String host = destination.text("host");
    if (!host.isEmpty() && !Names.isHost(host)) {
      destination.error(
          "host",
          host.startsWith("*")
              ? "\"" + host + "\" is many hosts; a destination is one"
              : "\"" + host + "\" is no host; write a service's name, short or full");
    }
    String subset = destination.text("subset", "");
    if (!subset.isEmpty() && !Names.isLabel(subset)) {
      destination.error("subset", "\"" + subset + "\" is no subset's name; it has lower-case letters, digits and '-'");
    }
    Optional<Integer> port = destination.mapping("port").map(each -> each.port("number"));
    return new Destination(host, subset, port);
  }
}

package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.Meta;
import java.util.List;
import java.util.Optional;

/**
 * Reads Mixer's {@code attributemanifest}. It declares what the mesh knows anyway; that it declares it
 * rightly is checked by whoever has the attributes.
 */
final class ManifestDecoder {
  private ManifestDecoder() {}

  /** A manifest; it changes no request. */
  record Manifest(Meta meta) implements Unpublished {}

  static Manifest decode(Meta meta, Fields spec) {
    spec.node("revision");
    spec.node("name");
    Optional<Fields> attributes = spec.mapping("attributes");
    Values.requireSome(spec, "attributes", attributes.map(Fields::names).orElse(List.of()));
    attributes.ifPresent(each -> each.names().forEach(name -> each.mapping(name).ifPresent(ManifestDecoder::attribute)));
    return new Manifest(meta);
  }

  private static void attribute(Fields attribute) {
    attribute.text("valueType");
    attribute.node("description");
  }
}

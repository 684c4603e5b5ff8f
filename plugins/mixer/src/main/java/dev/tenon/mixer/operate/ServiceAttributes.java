package dev.tenon.mixer.operate;

import dev.tenon.spi.policy.Attributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What every request to a service has, whichever it is. */
record ServiceAttributes(String host, String namespace) implements Attributes {
  /** The attributes that are known by that. */
  static final Set<String> KNOWN =
      Set.of(
          "destination.service", "destination.service.host", "destination.service.name", "destination.service.namespace",
          "destination.namespace");

  @Override
  public @Nullable Object get(String attribute) {
    return switch (attribute) {
      case "destination.service", "destination.service.host" -> host;
      case "destination.service.name" -> host.indexOf('.') < 0 ? host : host.substring(0, host.indexOf('.'));
      case "destination.service.namespace", "destination.namespace" -> namespace;
      default -> null;
    };
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    return null;
  }

  @Override
  public Attributes snapshot() {
    return this;
  }
}

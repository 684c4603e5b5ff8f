package dev.tenon.cli.policy;

import dev.tenon.spi.policy.Attributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's attributes, written down. */
record GivenAttributes(Map<String, Object> values) implements Attributes {
  GivenAttributes {
    values = Map.copyOf(values);
  }

  @Override
  public @Nullable Object get(String attribute) {
    return values.get(attribute);
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    return values.get(attribute) instanceof Map<?, ?> map ? (String) map.get(key) : null;
  }

  @Override
  public Attributes snapshot() {
    return this;
  }
}

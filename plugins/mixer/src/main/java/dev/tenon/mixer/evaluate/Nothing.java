package dev.tenon.mixer.evaluate;

import dev.tenon.spi.policy.Attributes;
import org.jspecify.annotations.Nullable;

/** A request that has no attributes: what constants are evaluated with. */
final class Nothing implements Attributes {
  static final Nothing ATTRIBUTES = new Nothing();

  private Nothing() {}

  @Override
  public @Nullable Object get(String attribute) {
    return null;
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

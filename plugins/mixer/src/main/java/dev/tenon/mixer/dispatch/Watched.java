package dev.tenon.mixer.dispatch;

import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A request's attributes, and whether anybody has looked at them: what was made of more than an instance's values holds for this request alone. */
final class Watched implements Attributes {
  private final Attributes attributes;
  private volatile boolean read;

  Watched(Attributes attributes) {
    this.attributes = attributes;
  }

  /** Whether any attribute was asked for. */
  boolean wasRead() {
    return read;
  }

  @Override
  public @Nullable Object get(String attribute) {
    read = true;
    return attributes.get(attribute);
  }

  @Override
  public boolean has(String attribute) {
    read = true;
    return attributes.has(attribute);
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    read = true;
    return attributes.entry(attribute, key);
  }

  @Override
  public @Nullable Workload workload(InetAddress address) {
    read = true;
    return attributes.workload(address);
  }

  @Override
  public Attributes snapshot() {
    read = true;
    return attributes.snapshot();
  }
}

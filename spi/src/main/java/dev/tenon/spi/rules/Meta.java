package dev.tenon.spi.rules;

import dev.tenon.spi.config.Position;

/**
 * What every rule has: its name, and where it was written. Two objects that say the same are equal
 * wherever they lie in their file, so {@code at} takes no part in equality.
 *
 * @param namespace where the object lies
 * @param name unique among its kind in its namespace
 * @param at for messages
 */
public record Meta(String namespace, String name, Position at) {
  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Meta meta && meta.namespace.equals(namespace) && meta.name.equals(name);
  }

  @Override
  public int hashCode() {
    return 31 * namespace.hashCode() + name.hashCode();
  }
}

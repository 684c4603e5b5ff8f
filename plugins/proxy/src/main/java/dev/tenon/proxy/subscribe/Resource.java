package dev.tenon.proxy.subscribe;

import com.google.protobuf.Any;

/**
 * One resource as it came.
 *
 * @param name unique in its kind
 * @param version the server's; opaque
 * @param body not yet parsed
 * @param expires whether the server put a time to live on it, which this proxy does not count down
 */
public record Resource(String name, String version, Any body, boolean expires) {
  /** A resource without a time to live. */
  public Resource(String name, String version, Any body) {
    this(name, version, body, false);
  }
}

package dev.tenon.proxy.subscribe;

import com.google.protobuf.ByteString;

/**
 * One resource as it came.
 *
 * @param name unique in its kind
 * @param version the server's; opaque
 * @param body the serialised message, of the type that the kind names
 * @param expires whether the server put a time to live on it, which this proxy does not count down
 */
public record Resource(String name, String version, ByteString body, boolean expires) {
  /** A resource without a time to live. */
  public Resource(String name, String version, ByteString body) {
    this(name, version, body, false);
  }
}

package dev.tenon.spi.traffic;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The head of a request, in the terms that all versions of HTTP share. See {@link Head}. */
public interface RequestHead extends Head {
  /** {@code GET} and the like, in the case that it came in. */
  String method();

  /** {@code http} or {@code https}: how the caller's connection is secured. */
  String scheme();

  /** Host and perhaps port, as the caller asked for it; empty when it named none. */
  String authority();

  /** The path, made normal, with its query. */
  String path();

  /**
   * Asks for another path with its query.
   *
   * @throws IllegalArgumentException when it does not begin with a slash or holds anything but visible
   *     ASCII, or a fragment
   */
  void path(String path);

  /** {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2}: what the caller speaks. */
  String protocol();

  /** Where the caller's connection comes from; null when that cannot be said. */
  @Nullable InetSocketAddress peer();

  /** The workload that lives at the caller's address, {@code namespace/name}; empty when unknown. */
  String peerWorkload();

  /**
   * What a filter noted for this request, or null. Notes stay with the request to its end: later
   * filters, balancers, {@link RequestFilter#onResponse} and telemetry read them.
   */
  @Nullable String note(String name);

  /**
   * Notes something for those who come later. At most 16 notes, of 1024 characters.
   *
   * @throws IllegalStateException beyond that
   */
  void note(String name, String value);
}

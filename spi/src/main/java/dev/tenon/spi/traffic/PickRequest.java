package dev.tenon.spi.traffic;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a host is wanted for. Valid during the call that it is an argument of. For a raw TCP connection
 * method, authority and path are empty and there are no headers.
 */
public interface PickRequest {
  /** {@code GET} and the like. */
  String method();

  /** Host and perhaps port that the caller asked for. */
  String authority();

  /** The path with its query. */
  String path();

  /** The values of a header joined with commas, or null. The name in lower case. */
  @Nullable String header(String name);

  /** Where the caller's connection comes from; null when that cannot be said. */
  @Nullable InetSocketAddress peer();

  /** What a filter noted for this request, or null. */
  @Nullable String note(String name);

  /** How often this request was tried before; 0 at first. */
  int attempt();

  /** Whether this request was tried with a host before. */
  boolean tried(int host);

  /** How many requests are under way from this event loop to a host. */
  int active(int host);
}

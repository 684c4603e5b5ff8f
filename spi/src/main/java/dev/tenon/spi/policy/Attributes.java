package dev.tenon.spi.policy;

import dev.tenon.spi.model.Workload;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request seen as Mixer's attributes, read lazily. Not thread-safe unless it says so; valid only
 * during the call that it is an argument of ({@link #snapshot()} outlives it).
 */
public interface Attributes {
  /**
   * The value of an attribute, or null when the request has none. Types as in {@link
   * Instance#values()}; for a map attribute use {@link #entry}.
   */
  @Nullable Object get(String attribute);

  /** Whether the request has an attribute; cheaper than {@link #get} where a map would be made. */
  default boolean has(String attribute) {
    return get(attribute) != null;
  }

  /** One entry of a map attribute such as {@code request.headers}; null when it is absent. */
  @Nullable String entry(String attribute, String key);

  /**
   * Who lives at an address, if the mesh knows. Answered from the catalog that the request works by: nobody
   * is asked.
   */
  default @Nullable Workload workload(InetAddress address) {
    return null;
  }

  /** An immutable copy that may be kept and read by any thread. */
  Attributes snapshot();
}

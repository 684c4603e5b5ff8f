package dev.tenon.spi.traffic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a message, as they will be sent on. Valid during the call that it is an argument
 * of, on that thread; afterwards every method throws {@link IllegalStateException}.
 *
 * <p>Names are without regard to case. Fields that frame a message or belong to one connection are the
 * proxy's own and can be neither set nor removed: {@code connection}, {@code content-length}, {@code
 * expect}, {@code host}, {@code http2-settings}, {@code keep-alive}, {@code proxy-connection}, {@code
 * server}, {@code te}, {@code trailer}, {@code transfer-encoding}, {@code upgrade}.
 */
public interface Head {
  /** The values of a name, joined with commas; null when there is none. Makes a text of it: garbage. */
  @Nullable String header(String name);

  /** Whether there is a name; makes no text of its value. */
  default boolean has(String name) {
    return header(name) != null;
  }

  /** All names in lower case, each once, in the order of their first field. */
  List<String> names();

  /**
   * Replaces all fields of a name by one.
   *
   * @throws IllegalArgumentException when the name is no token or the proxy's own, or the value holds a
   *     control character or one beyond Latin-1
   * @throws IllegalStateException when more than 64 changes were made, or this head cannot be changed
   */
  void set(String name, String value);

  /** Adds a field after those of its name. Throws as {@link #set} does. */
  void add(String name, String value);

  /** Removes all fields of a name. Throws as {@link #set} does. */
  void remove(String name);
}

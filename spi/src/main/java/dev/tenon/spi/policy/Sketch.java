package dev.tenon.spi.policy;

import java.util.Map;

/**
 * A request that nobody sent, told in a few words: for tests of policy and for explanations.
 *
 * @param method such as {@code GET}
 * @param host of the Host header
 * @param path with its query
 * @param headers by name, in lower case
 * @param attributes what else is known, by attribute, of the classes that {@link Instance#values()} has; these go before what
 *     follows from the rest
 */
public record Sketch(String method, String host, String path, Map<String, String> headers, Map<String, Object> attributes) {
  public Sketch {
    headers = Map.copyOf(headers);
    attributes = Map.copyOf(attributes);
  }
}

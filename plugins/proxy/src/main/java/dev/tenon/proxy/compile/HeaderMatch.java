package dev.tenon.proxy.compile;

/**
 * A condition on a header. Values of a repeated header are joined with commas first, as in Envoy.
 *
 * @param name lower-case; {@code :method}, {@code :authority}, {@code :path} and {@code :scheme} are
 *     the request's own
 * @param invert the opposite is wanted; a missing header then matches only if {@code value} is {@link
 *     ValueMatch.Present} or {@code missingIsEmpty}
 * @param missingIsEmpty a missing header is treated as an empty one
 */
public record HeaderMatch(String name, ValueMatch value, boolean invert, boolean missingIsEmpty) {
  /** A plain condition. */
  public HeaderMatch(String name, ValueMatch value) {
    this(name, value, false, false);
  }
}

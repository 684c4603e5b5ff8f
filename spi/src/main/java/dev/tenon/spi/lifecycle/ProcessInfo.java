package dev.tenon.spi.lifecycle;

/**
 * The process as a whole.
 *
 * @param profile {@code all-in-one}, {@code control-plane}, {@code gateway}, {@code sidecar} or
 *     another profile's name
 * @param version of the distribution
 */
public record ProcessInfo(String profile, String version) {}

package dev.tenon.spi.model;

/**
 * A port that a service offers its callers.
 *
 * @param number 1 to 65535
 * @param name what configuration may call it; unique in the service
 * @param protocol what is spoken there
 */
public record Port(int number, String name, Protocol protocol) {
  public Port {
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("port " + number + " is not between 1 and 65535");
    }
  }
}

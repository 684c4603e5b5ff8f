package dev.tenon.kernel.ports;

/**
 * What became of the connections that an old generation still had at its drain deadline.
 *
 * @param told were closed in their protocol's own way
 * @param cut were closed in the middle of something
 */
public record Ended(int told, int cut) {
  /** There were none. */
  public static final Ended NONE = new Ended(0, 0);

  @Override
  public String toString() {
    return told + " connections closed in their protocol's own way at the drain deadline, " + cut + " cut off";
  }
}

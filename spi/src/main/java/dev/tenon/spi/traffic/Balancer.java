package dev.tenon.spi.traffic;

/** One configured way of balancing. Thread-safe; the pickers that it makes need not be. */
public interface Balancer extends AutoCloseable {
  /**
   * Makes the picker of one event loop for some hosts. Called on that loop, again whenever the hosts
   * change: prepare here what a pick needs, and take milliseconds at most.
   *
   * @param hosts those that may be called; at least one
   */
  Picker picker(HostSet hosts);

  /** Frees what the balancer holds; no picker of it is used any more. */
  @Override
  default void close() {}
}

package dev.tenon.spi.policy;

/**
 * One configured handler of an adapter. Thread-safe: called for many requests at once.
 *
 * <p>A call that throws counts as the adapter's failure: the rule's choice of open or closed decides.
 */
public interface Adapter extends AutoCloseable {
  /** Judges one instance. */
  Verdict check(Instance instance);

  /** Frees what the handler holds; no call is under way. */
  @Override
  default void close() {}
}

package dev.tenon.spi.policy;

import java.time.Duration;

/**
 * The policy that this process knows, tried out away from any traffic: the engine and the adapters are the real ones, their
 * counters begin empty, and time stands until it is told to pass. Implemented by mixer, for tests of policy. Thread-safe.
 */
public interface Rehearsals {
  /** Begins anew. */
  Rehearsal begin();

  /** One rehearsal. Not thread-safe. */
  interface Rehearsal extends AutoCloseable {
    /**
     * Judges a request to a workload of a namespace; waits for the verdict.
     *
     * @throws dev.tenon.spi.config.BadConfig when the policy does not compile
     */
    PolicyEngine.Outcome check(String namespace, Sketch request);

    /** What {@link #check} would say now, and why. */
    Explanation explain(String namespace, Sketch request);

    /**
     * Lets time pass for everything that counts.
     *
     * @throws IllegalStateException when a handler counts by a clock that is not its own, as that of a server
     */
    void pass(Duration time);

    @Override
    void close();
  }
}

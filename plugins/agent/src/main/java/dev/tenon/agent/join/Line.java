package dev.tenon.agent.join;

import dev.tenon.spi.model.Condition;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.ReadinessProbe;
import java.time.Duration;
import java.util.Optional;

/** The way to the control plane: streams of beats there, grants back. */
interface Line {
  /** Opens a stream. Its listener is called by one thread at a time, perhaps before this returns. */
  Stream open(Listener listener);

  /** Where it leads, for messages. */
  String where();

  /** The agent's end of a stream. Never blocks; after the stream's end it does nothing. */
  interface Stream {
    /** Registers, comes back to a lease, or says that the workload's condition is another. */
    void register(Entrant entrant, String leaseId, Duration timeToLive, Condition condition);

    /** Renews the lease. */
    void beat();

    /** Ends the lease in good order; the server ends the stream when it has. */
    void leave();

    /** Ends the stream without a word; the lease stays. The listener is not called again. */
    void tear();
  }

  /** What comes back. */
  interface Listener {
    /**
     * The lease is held.
     *
     * @param groups how the workload's group is to be asked, if it says
     */
    void granted(String leaseId, Duration timeToLive, Optional<ReadinessProbe> groups);

    /** The stream has ended. */
    void ended(Outcome outcome);
  }

  /**
   * How a stream ended.
   *
   * @param kind what to do about it
   * @param message for an operator
   */
  record Outcome(Kind kind, String message) {}

  /** What the end of a stream means. */
  enum Kind {
    /** The lease was ended as asked. */
    LEFT,
    /** The registry will not have this workload as it is; soon asking again does not help. */
    REFUSED,
    /** The control plane is not there, or goes away. */
    LOST
  }
}

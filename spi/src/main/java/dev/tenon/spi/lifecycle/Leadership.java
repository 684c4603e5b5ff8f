package dev.tenon.spi.lifecycle;

import dev.tenon.spi.stream.Source;
import java.time.Instant;

/**
 * Which of several replicas of a control plane does what only one of them may do: writing statuses,
 * collecting what nobody renews. Offered by a module that can tell, such as the registry of Consul by a
 * session; where nobody offers it there is one replica, and it does everything.
 *
 * <p>At no time do two replicas believe that they lead, as long as their clocks run at the same rate;
 * for some seconds, and as long as the one that tells is away, none does.
 */
public interface Leadership {
  /** Who leads; the present state first. Told before another replica may begin to lead. */
  Source<Lead> lead();

  /**
   * A state of affairs.
   *
   * @param ours whether this process leads
   * @param leader what the one that leads calls itself; empty while none does
   * @param since when this began
   */
  record Lead(boolean ours, String leader, Instant since) {}
}

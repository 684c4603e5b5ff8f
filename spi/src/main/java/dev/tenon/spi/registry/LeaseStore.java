package dev.tenon.spi.registry;

import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Plug point: a place for the leases of workloads that outlives this process and its machine, and that
 * several control planes may share, such as Consul's key-value store. A registry that is told to keep
 * its leases there takes it by its name; nothing is read or written before the first subscription.
 *
 * <p>Each control plane holds the leases that it wrote last, for as long as it lives; what one of them
 * held that died is held by nobody after some seconds. So beats need not be written.
 *
 * <p>Swap: the next generation may be another control plane to the store. What the old one held is then
 * held by nobody until it is written again.
 */
public interface LeaseStore {
  /** What an operator calls it, a DNS label such as {@code consul}; one store of a name in a process. */
  String name();

  /**
   * Everything that lies there, then each change. Says nothing before it has read everything once, never
   * that there is nothing because it could not read, and nothing older than what {@link #write} has
   * written. Called on any thread.
   */
  Source<View> view();

  /**
   * Puts texts, which this control plane holds from then on, or takes them away; at most one thread at a
   * time calls it, and may wait some seconds. A key that another control plane wrote since the last view
   * is left as it is: the next view tells. May be repeated.
   *
   * @param texts by key; empty to take it away
   * @throws IOException when not all of it is done, with a message for an operator
   */
  void write(Map<String, Optional<String>> texts) throws IOException;

  /** Who holds a lease. */
  enum Holder {
    /** This control plane. */
    OURS,
    /** Another one, which is alive or may be. */
    ANOTHER,
    /** Nobody: the one that did is gone. */
    NOBODY
  }

  /** One lease. */
  record Kept(String text, Holder holder) {}

  /**
   * What lies there.
   *
   * @param leases by key
   * @param trouble one line for an operator while the place does not answer, and this is what it said
   *     last; empty when all is well
   */
  record View(Map<String, Kept> leases, String trouble) {
    public View {
      leases = Map.copyOf(leases);
    }
  }
}

package dev.tenon.registry.vm.accept;

import java.time.Duration;

/**
 * The server's end of one stream of beats. Callable from any thread, never blocks; after its end it
 * ignores everything. Compared by identity.
 */
public interface Holder {
  /** Tells the client which lease it holds, and for how long. */
  void granted(String leaseId, Duration timeToLive);

  /** Ends the stream; the lease is none of its business. */
  void end(Ending ending);
}

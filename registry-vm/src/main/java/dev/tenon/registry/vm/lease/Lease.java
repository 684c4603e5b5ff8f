package dev.tenon.registry.vm.lease;

import dev.tenon.registry.vm.accept.Registrant;
import java.time.Duration;

/**
 * A workload's place in the mesh.
 *
 * @param id known to its holder alone; who says it may go on with the lease
 * @param registrant who holds it
 * @param timeToLive how long it lives without a beat
 * @param standing whether an operator registered the workload: it lives until he deregisters it, without beats
 */
public record Lease(String id, Registrant registrant, Duration timeToLive, boolean standing) {
  /** One that needs beats. */
  public Lease(String id, Registrant registrant, Duration timeToLive) {
    this(id, registrant, timeToLive, false);
  }

  /** {@code namespace/name} of the workload; at most one lease has it. */
  public String key() {
    return registrant.workload().key();
  }
}

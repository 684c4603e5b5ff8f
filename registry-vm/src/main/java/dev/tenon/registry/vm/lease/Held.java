package dev.tenon.registry.vm.lease;

/** Which control plane answers for a lease, where several share the place in which leases lie. */
public enum Held {
  /** This one: it hears the beats, and ends the lease without them. */
  HERE,
  /** Another one. */
  ELSEWHERE,
  /** None: the one that did is gone. The workload may come back through any. */
  NOWHERE
}

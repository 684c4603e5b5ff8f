package dev.tenon.registry.vm.lease;

/** What became of one workload. */
public sealed interface Change {
  /** The workload's {@code namespace/name}. */
  String key();

  /** It has a lease, or another one than before. */
  record Put(Lease lease) implements Change {
    @Override
    public String key() {
      return lease.key();
    }
  }

  /** It has none any more. */
  record Removed(String key) implements Change {}
}

package dev.tenon.registry.vm.lease;

import dev.tenon.registry.vm.accept.Ending;
import dev.tenon.registry.vm.accept.Holder;
import java.util.List;

/** What the ledger makes of a beat. */
sealed interface Decision {
  /**
   * The lease lives on.
   *
   * @param changes none when the beat only renewed it
   * @param ousted holders whose lease this was, or stood in its way; to be ended
   */
  record Granted(Lease lease, List<Change> changes, List<Holder> ousted) implements Decision {}

  /** The beat is refused, and its stream with it. */
  record Refused(Ending ending) implements Decision {}
}

package dev.tenon.registry.vm.accept;

import java.time.Duration;
import java.util.Optional;

/**
 * One beat, read and checked.
 *
 * @param leaseId the lease to go on with, or empty for a new one
 * @param registrant present when the beat registers or changes something
 * @param timeToLive what was asked for, brought into bounds; absent when nothing was said
 * @param standing whether it says that no beat is waited for; only what is kept on disk may
 */
public record Claim(String leaseId, Optional<Registrant> registrant, Optional<Duration> timeToLive, boolean standing) {
  /** The same for a workload of a group. */
  Claim of(String group) {
    return new Claim(
        leaseId, registrant.map(each -> new Registrant(group, each.workload(), each.weights())), timeToLive, standing);
  }
}

package dev.tenon.registry.vm.accept;

import java.time.Duration;
import java.util.Optional;

/**
 * One beat, read and checked.
 *
 * @param leaseId the lease to go on with, or empty for a new one
 * @param registrant present when the beat registers or changes something
 * @param timeToLive what was asked for, brought into bounds; absent when nothing was said
 */
public record Claim(String leaseId, Optional<Registrant> registrant, Optional<Duration> timeToLive) {}

package dev.tenon.pilot.gather;

import dev.tenon.spi.registry.RegistryState;
import java.time.Instant;
import java.util.Optional;

/**
 * How one registry stands, for an operator.
 *
 * @param name the registry's own
 * @param state whether its catalog is current
 * @param services how many it has
 * @param workloads how many it has
 * @param losses how often it was lost since the control plane began to listen
 * @param dampedUntil what it says is held back until then, since it flaps; empty when it is believed
 */
public record RegistryView(
    String name, RegistryState state, int services, int workloads, long losses, Optional<Instant> dampedUntil) {}

package dev.tenon.pilot.gather;

import dev.tenon.spi.registry.RegistryState;

/**
 * How one registry stands, for an operator.
 *
 * @param name the registry's own
 * @param state whether its catalog is current
 * @param services how many it has
 * @param workloads how many it has
 */
public record RegistryView(String name, RegistryState state, int services, int workloads) {}

package dev.tenon.spi.registry;

import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.stream.Source;

/**
 * A platform's own list of what runs: the plug point for Kubernetes, Consul, Nomad, VMs and others.
 *
 * <p>A registry publishes no catalog before it has a whole one; from then on each value is whole. When
 * it loses its platform it publishes nothing new and says so in {@link #state()}: the last catalog
 * stays in force. It never publishes an empty catalog because it could not read.
 *
 * <p>Swap: the new generation runs beside the old one until its first catalog is there.
 */
public interface Registry {
  /** Names this registry in status, metrics and conflicts, for example {@code vm}. */
  String name();

  /** The whole view, then each change of it. */
  Source<Catalog> catalog();

  /** Whether the platform answers; subscribers see the present state at once. */
  Source<RegistryState> state();
}

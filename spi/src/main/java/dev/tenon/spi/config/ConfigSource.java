package dev.tenon.spi.config;

import dev.tenon.spi.stream.Source;

/**
 * Plug point: a place where an operator's configuration lies, such as Consul's key-value store or a
 * Kubernetes cluster. Galley takes any number beside its own directory; each is known by the name of
 * the module that offers it, one for each module.
 *
 * <p>A source says nothing before it has read everything once. One that loses its place goes on saying
 * what it read last, as {@link ConfigListing#lost}; it never says that there is nothing because it could
 * not read. What it lists is judged object by object: one that cannot be used is told to the operator
 * and takes no other down.
 *
 * <p>Where two sources give one object, galley's directory goes before others, and those by name.
 *
 * <p>Swap: what the old generation said stays in force until the new one has spoken; so it does when
 * the source goes away.
 */
public interface ConfigSource {
  /** Everything that lies there, then each change. Called on a thread that may wait. */
  Source<ConfigListing> listing();
}

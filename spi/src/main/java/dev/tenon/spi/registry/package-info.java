/**
 * The plug point of platforms: a registry says which services and workloads exist.
 *
 * <p>Implemented by registry bundles (VM, Consul, Kubernetes, files), called by pilot. Start at {@link
 * dev.tenon.spi.registry.Registry}.
 *
 * <p>SPI version: 1.0
 */
@NullMarked
package dev.tenon.spi.registry;

import org.jspecify.annotations.NullMarked;

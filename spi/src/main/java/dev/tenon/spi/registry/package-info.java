/**
 * The plug point of platforms: a registry says which services and workloads exist.
 *
 * <p>Implemented by registry bundles (VM, Consul, Kubernetes, files), called by pilot. Start at {@link
 * dev.tenon.spi.registry.Registry}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.registry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;

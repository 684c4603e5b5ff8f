/**
 * What a mesh is made of: services, endpoints, workloads, identities. Records only.
 *
 * <p>Registries make these values, pilot joins them, policy reads them. Start at {@link
 * dev.tenon.spi.model.Catalog}, a registry's whole view.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;

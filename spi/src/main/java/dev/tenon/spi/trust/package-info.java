/**
 * Who speaks on the mesh port: the control plane's own key, and the credentials by which hosts prove who they are.
 *
 * <p>{@link dev.tenon.spi.trust.MeshTrust} is offered by the module that holds the mesh's authority and taken by the kernel's gRPC server;
 * {@link dev.tenon.spi.trust.HostIdentity} is what a credential says, read by the services behind that server. Start at MeshTrust.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.trust;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;

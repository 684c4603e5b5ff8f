/** Mounts the gRPC services that modules offer: the mesh's on a port, administration on a Unix socket. */
@NullMarked
package dev.tenon.kernel.serve;

import org.jspecify.annotations.NullMarked;

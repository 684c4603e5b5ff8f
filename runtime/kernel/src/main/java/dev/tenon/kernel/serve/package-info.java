/**
 * Answers gRPC: what modules offer, on the mesh's port and on the administration socket. No class of
 * gRPC is loaded before the first connection. Start at {@link dev.tenon.kernel.serve.Front}.
 */
@NullMarked
package dev.tenon.kernel.serve;

import org.jspecify.annotations.NullMarked;

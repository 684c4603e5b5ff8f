/** Tests of the live generation, fed by a real gRPC server. */
@NullMarked
package dev.tenon.proxy.live;

import org.jspecify.annotations.NullMarked;

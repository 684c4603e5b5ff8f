/** Tests of the subscription against a real gRPC server that follows a script. */
@NullMarked
package dev.tenon.proxy.subscribe;

import org.jspecify.annotations.NullMarked;

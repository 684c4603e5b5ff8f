/** Tests of the kernel's gRPC servers. */
@NullMarked
package dev.tenon.kernel.serve;

import org.jspecify.annotations.NullMarked;

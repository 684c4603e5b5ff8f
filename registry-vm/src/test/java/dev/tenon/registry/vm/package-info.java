/** Tests of the whole registry, over gRPC and with real files. */
@NullMarked
package dev.tenon.registry.vm;

import org.jspecify.annotations.NullMarked;

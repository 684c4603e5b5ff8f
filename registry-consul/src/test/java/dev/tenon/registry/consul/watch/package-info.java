/** Tests of the stage {@code watch}. */
@NullMarked
package dev.tenon.registry.consul.watch;

import org.jspecify.annotations.NullMarked;

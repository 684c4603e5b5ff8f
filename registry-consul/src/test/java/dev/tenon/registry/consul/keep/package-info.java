/** Tests of the stage {@code read}. */
@NullMarked
package dev.tenon.registry.consul.keep;

import org.jspecify.annotations.NullMarked;

/** Tests of the stage {@code read}. */
@NullMarked
package dev.tenon.registry.consul.read;

import org.jspecify.annotations.NullMarked;

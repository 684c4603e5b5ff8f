/** Tests of the stage {@code convert}. */
@NullMarked
package dev.tenon.registry.consul.convert;

import org.jspecify.annotations.NullMarked;

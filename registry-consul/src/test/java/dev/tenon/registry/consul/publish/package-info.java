/** Tests of the stage {@code publish}, and of all before it together. */
@NullMarked
package dev.tenon.registry.consul.publish;

import org.jspecify.annotations.NullMarked;

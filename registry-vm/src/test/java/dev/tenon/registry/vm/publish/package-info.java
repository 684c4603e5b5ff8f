/** Tests of the stage {@code publish}. */
@NullMarked
package dev.tenon.registry.vm.publish;

import org.jspecify.annotations.NullMarked;

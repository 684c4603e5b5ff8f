/** Tests of the stage {@code accept}. */
@NullMarked
package dev.tenon.registry.vm.accept;

import org.jspecify.annotations.NullMarked;

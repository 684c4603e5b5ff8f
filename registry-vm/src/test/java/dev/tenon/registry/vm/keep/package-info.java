/** Tests of the stage {@code keep}. */
@NullMarked
package dev.tenon.registry.vm.keep;

import org.jspecify.annotations.NullMarked;

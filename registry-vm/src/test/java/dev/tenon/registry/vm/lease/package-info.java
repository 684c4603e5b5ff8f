/** Tests of the stage {@code lease}. */
@NullMarked
package dev.tenon.registry.vm.lease;

import org.jspecify.annotations.NullMarked;

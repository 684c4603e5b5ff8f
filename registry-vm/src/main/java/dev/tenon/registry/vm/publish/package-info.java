/**
 * What is registered, as the catalog that the rest of the mesh reads.
 *
 * <p>Start at {@link dev.tenon.registry.vm.publish.VmRegistry}.
 */
@NullMarked
package dev.tenon.registry.vm.publish;

import org.jspecify.annotations.NullMarked;

/**
 * What woven plug-in code calls at each method's entry and before each backward jump. Kernel code, and
 * the one package of it that bundles can see. Start at {@link dev.tenon.kernel.checkpoint.Checkpoint}.
 */
@NullMarked
package dev.tenon.kernel.checkpoint;

import org.jspecify.annotations.NullMarked;

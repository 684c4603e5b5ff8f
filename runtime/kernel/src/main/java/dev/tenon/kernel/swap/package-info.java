/**
 * Walks modules through their life: load → start → ready → switch → drain → close, and back when one
 * fails. Start at {@link dev.tenon.kernel.swap.Modules}.
 */
@NullMarked
package dev.tenon.kernel.swap;

import org.jspecify.annotations.NullMarked;

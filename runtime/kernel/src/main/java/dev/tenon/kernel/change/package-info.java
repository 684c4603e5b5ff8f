/**
 * Writes to the drop folder what a command asks for, waits for what becomes of it, and undoes it when that
 * fails. Start at {@link dev.tenon.kernel.change.Changes}.
 */
@NullMarked
package dev.tenon.kernel.change;

import org.jspecify.annotations.NullMarked;

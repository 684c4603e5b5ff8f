/**
 * Guards the calls of plugs: deadlines, concurrency, quarantine, the watch over event loops, what each
 * module costs, checkpoints woven into plug-in code. Start at {@link dev.tenon.kernel.guard.Guarding}.
 */
@NullMarked
package dev.tenon.kernel.guard;

import org.jspecify.annotations.NullMarked;

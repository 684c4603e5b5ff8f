/** Sets up the process's log: one line an event on standard error. Start at {@link dev.tenon.kernel.log.Logs}. */
@NullMarked
package dev.tenon.kernel.log;

import org.jspecify.annotations.NullMarked;

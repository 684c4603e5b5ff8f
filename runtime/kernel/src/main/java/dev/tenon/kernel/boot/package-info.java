/**
 * Reads a process's settings, starts it and ends it. Start at {@link dev.tenon.kernel.boot.Boot}.
 */
@NullMarked
package dev.tenon.kernel.boot;

import org.jspecify.annotations.NullMarked;

/** The distribution as a user runs it: real processes, real faults, one class for each promise. Start at {@code mesh}. */
@NullMarked
package dev.tenon.e2e;

import org.jspecify.annotations.NullMarked;

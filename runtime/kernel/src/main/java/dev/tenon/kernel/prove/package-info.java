/**
 * Proves that a module that was unloaded is gone from memory, or shows what holds it. Start at {@link
 * dev.tenon.kernel.prove.Proof}; {@link dev.tenon.kernel.prove.PathFinder} is the main class of the child process
 * that reads heap dumps.
 */
@NullMarked
package dev.tenon.kernel.prove;

import org.jspecify.annotations.NullMarked;

/** Holds the tree to the drawing in ARCHITECTURE.md. Start at {@link dev.tenon.e2e.architecture.River}. */
@NullMarked
package dev.tenon.e2e.architecture;

import org.jspecify.annotations.NullMarked;

/**
 * Sees what lies in the drop folder, and when a jar there is whole. Start at {@link
 * dev.tenon.kernel.watch.DropFolder}.
 */
@NullMarked
package dev.tenon.kernel.watch;

import org.jspecify.annotations.NullMarked;

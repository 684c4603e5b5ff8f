/** Watches the drop folder: which whole and unchanged jars lie there. */
@NullMarked
package dev.tenon.kernel.watch;

import org.jspecify.annotations.NullMarked;

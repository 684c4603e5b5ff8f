/** The adapter that writes lines of a log. Start at {@link dev.tenon.adapter.stdio.Stdio}. */
@NullMarked
package dev.tenon.adapter.stdio;

import org.jspecify.annotations.NullMarked;

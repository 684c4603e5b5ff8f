/** Makes the ahead-of-time caches: runs each kind of process for a moment, doing what it usually does. */
@NullMarked
package dev.tenon.cli.train;

import org.jspecify.annotations.NullMarked;

/**
 * Keeps on disk what must outlive the process: what served last, the jars of builds that served, and what
 * happened. Start at {@link dev.tenon.kernel.keep.Ledger}.
 */
@NullMarked
package dev.tenon.kernel.keep;

import org.jspecify.annotations.NullMarked;

/**
 * Says whose signature a jar bears and whether that is one to run: the trust store, the mode, and an audit
 * line for each decision. Start at {@link dev.tenon.kernel.trust.Trust}.
 */
@NullMarked
package dev.tenon.kernel.trust;

import org.jspecify.annotations.NullMarked;

/**
 * Runs the request path before traffic does, so that a new generation is compiled when it takes over.
 * Nothing outside notices: no upstream, no log, no metric, no quota.
 *
 * <p>Start at {@link dev.tenon.proxy.warm.WarmUp}.
 */
@NullMarked
package dev.tenon.proxy.warm;

import org.jspecify.annotations.NullMarked;

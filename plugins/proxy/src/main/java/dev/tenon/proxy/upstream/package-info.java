/**
 * Calls endpoints: pools of connections for each loop, and who is called next.
 *
 * <p>Start at {@link dev.tenon.proxy.upstream.Cluster}. Everything here is used on its loop alone,
 * except {@link dev.tenon.proxy.upstream.Usage}, which all loops share.
 */
@NullMarked
package dev.tenon.proxy.upstream;

import org.jspecify.annotations.NullMarked;

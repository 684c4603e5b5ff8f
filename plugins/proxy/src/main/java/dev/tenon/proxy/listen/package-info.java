/**
 * Borrows the sockets of the present table's listeners, and gives back those that are no more.
 *
 * <p>Start at {@link dev.tenon.proxy.listen.Listeners}.
 */
@NullMarked
package dev.tenon.proxy.listen;

import org.jspecify.annotations.NullMarked;

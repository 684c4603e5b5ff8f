/**
 * What each event loop has for itself, so that a request takes no lock and makes no garbage: timers,
 * scratch bytes, chance, the date.
 *
 * <p>Start at {@link dev.tenon.proxy.loop.LoopState}. Everything here is used on its loop alone.
 */
@NullMarked
package dev.tenon.proxy.loop;

import org.jspecify.annotations.NullMarked;

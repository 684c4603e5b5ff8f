/**
 * Holds the one generation that requests work by: a volatile reference to immutable records.
 *
 * <p>Written by the stages before, read once by each request. Start at {@link
 * dev.tenon.proxy.live.Live}.
 */
@NullMarked
package dev.tenon.proxy.live;

import org.jspecify.annotations.NullMarked;

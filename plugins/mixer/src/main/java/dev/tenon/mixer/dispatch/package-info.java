/**
 * Finds the rules that may match a request and calls the adapters, each call guarded: no exception
 * leaves an adapter, a deadline and a limit stand around those that block, and one that keeps failing
 * is left alone for a while. An adapter is held in exactly one place, the {@link
 * dev.tenon.mixer.dispatch.Lease} of its handler, and dropped when it is no longer offered. Start at
 * {@link dev.tenon.mixer.dispatch.Adapters}.
 */
@NullMarked
package dev.tenon.mixer.dispatch;

import org.jspecify.annotations.NullMarked;

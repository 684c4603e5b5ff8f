/** The adapter that asks adapters of other processes. Start at {@link dev.tenon.adapter.remote.Remote}. */
@NullMarked
package dev.tenon.adapter.remote;

import org.jspecify.annotations.NullMarked;

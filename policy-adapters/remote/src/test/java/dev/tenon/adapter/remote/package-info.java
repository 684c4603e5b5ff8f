/** The adapter that asks adapters of other processes. */
@NullMarked
package dev.tenon.adapter.remote;

import org.jspecify.annotations.NullMarked;

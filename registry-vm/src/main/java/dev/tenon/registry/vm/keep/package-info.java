/**
 * Leases on disk: one file for each, written whole and renamed into place, so that they survive a
 * restart of the control plane. Heart-beats are not written, only what changes.
 *
 * <p>Start at {@link dev.tenon.registry.vm.keep.Keeper}.
 */
@NullMarked
package dev.tenon.registry.vm.keep;

import org.jspecify.annotations.NullMarked;

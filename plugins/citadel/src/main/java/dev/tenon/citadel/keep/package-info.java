/**
 * Files that only their owner may read, forced to the disk before anybody relies on them.
 *
 * <p>Start at {@link dev.tenon.citadel.keep.PrivateFolder}.
 */
@NullMarked
package dev.tenon.citadel.keep;

import org.jspecify.annotations.NullMarked;

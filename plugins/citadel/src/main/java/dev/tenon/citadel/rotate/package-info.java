/**
 * The control plane's own key, renewed in time.
 *
 * <p>Start at {@link dev.tenon.citadel.rotate.ServerKeyRing}.
 */
@NullMarked
package dev.tenon.citadel.rotate;

import org.jspecify.annotations.NullMarked;

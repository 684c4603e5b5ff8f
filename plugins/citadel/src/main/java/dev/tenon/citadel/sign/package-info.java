/**
 * Makes certificates. The one place that knows X.509 from within.
 *
 * <p>Start at {@link dev.tenon.citadel.sign.Authority}.
 */
@NullMarked
package dev.tenon.citadel.sign;

import org.jspecify.annotations.NullMarked;

/**
 * Structured text becomes rules, strictly: what this build does not carry out is refused here, with
 * file, line, column, field, reason and remedy.
 *
 * <p>Pure functions. Start at {@link dev.tenon.galley.decode.Decoder}.
 */
@NullMarked
package dev.tenon.galley.decode;

import org.jspecify.annotations.NullMarked;

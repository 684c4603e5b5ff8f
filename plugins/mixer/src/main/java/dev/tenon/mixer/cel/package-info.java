/**
 * Expressions in CEL, where they are marked as such. None of CEL's classes is loaded before there is one. Start at {@link
 * dev.tenon.mixer.cel.Cel}.
 */
@NullMarked
package dev.tenon.mixer.cel;

import org.jspecify.annotations.NullMarked;

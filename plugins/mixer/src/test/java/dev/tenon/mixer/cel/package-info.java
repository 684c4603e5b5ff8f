/** Expressions in CEL. */
@NullMarked
package dev.tenon.mixer.cel;

import org.jspecify.annotations.NullMarked;

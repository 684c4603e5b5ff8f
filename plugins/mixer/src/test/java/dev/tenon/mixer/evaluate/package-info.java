/** Expressions as tables: text, attributes, result. */
@NullMarked
package dev.tenon.mixer.evaluate;

import org.jspecify.annotations.NullMarked;

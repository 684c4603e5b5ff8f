/**
 * Reads the text of an expression into a tree: Mixer's expression language, in Go's expression
 * syntax. Knows no names and no types. Start at {@link dev.tenon.mixer.parse.Parser}.
 */
@NullMarked
package dev.tenon.mixer.parse;

import org.jspecify.annotations.NullMarked;

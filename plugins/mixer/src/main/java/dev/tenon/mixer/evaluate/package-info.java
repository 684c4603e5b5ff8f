/**
 * Turns a checked expression into a tree of small evaluators and evaluates it on a request's
 * attributes. Start at {@link dev.tenon.mixer.evaluate.Compiled}.
 */
@NullMarked
package dev.tenon.mixer.evaluate;

import org.jspecify.annotations.NullMarked;

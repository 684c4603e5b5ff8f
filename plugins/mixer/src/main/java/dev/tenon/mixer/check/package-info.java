/**
 * Gives an expression its meaning: which attributes and functions it names, and that all types fit.
 * The attributes there are stand in {@link dev.tenon.mixer.check.StandardVocabulary}. Start at {@link
 * dev.tenon.mixer.check.Checker}.
 */
@NullMarked
package dev.tenon.mixer.check;

import org.jspecify.annotations.NullMarked;

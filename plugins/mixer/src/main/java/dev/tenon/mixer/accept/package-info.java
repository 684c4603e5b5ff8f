/**
 * Takes policy in: resolves the names in {@link dev.tenon.spi.rules.PolicyRules}, compiles its
 * expressions, and says before that, when objects are applied, what is wrong with them. Start at
 * {@link dev.tenon.mixer.accept.Acceptor} and {@link dev.tenon.mixer.accept.PolicyValidator}.
 */
@NullMarked
package dev.tenon.mixer.accept;

import org.jspecify.annotations.NullMarked;

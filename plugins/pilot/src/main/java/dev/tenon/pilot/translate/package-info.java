/**
 * Writes what a proxy may see as Envoy v3 resources; pure but for its memory of what it has
 * written already. Start at {@link dev.tenon.pilot.translate.Translator}.
 */
@NullMarked
package dev.tenon.pilot.translate;

import org.jspecify.annotations.NullMarked;

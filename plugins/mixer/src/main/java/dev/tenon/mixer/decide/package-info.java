/**
 * Combines what handlers answered into one outcome, and is the engine that the proxy calls. Start at
 * {@link dev.tenon.mixer.decide.Engine}.
 */
@NullMarked
package dev.tenon.mixer.decide;

import org.jspecify.annotations.NullMarked;

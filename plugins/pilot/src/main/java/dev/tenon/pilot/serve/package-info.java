/**
 * Serves the resources over aggregated discovery streams, state of the world and delta, and tells
 * operators how each proxy stands. Start at {@link dev.tenon.pilot.serve.Hub}.
 */
@NullMarked
package dev.tenon.pilot.serve;

import org.jspecify.annotations.NullMarked;

/**
 * Reads the sections {@code agent}, {@code workload} and {@code mesh} of the process's configuration,
 * strictly, with all that is wrong at once.
 *
 * <p>Start at {@link dev.tenon.agent.read.AgentSettings}.
 */
@NullMarked
package dev.tenon.agent.read;

import org.jspecify.annotations.NullMarked;

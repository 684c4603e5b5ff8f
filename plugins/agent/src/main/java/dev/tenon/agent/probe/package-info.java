/**
 * Looks whether a workload can be called.
 *
 * <p>Start at {@link dev.tenon.agent.probe.Vigil}.
 */
@NullMarked
package dev.tenon.agent.probe;

import org.jspecify.annotations.NullMarked;

/**
 * Keeps a workload in the mesh: registers it with the control plane, beats, comes back after a break,
 * and leaves in good order. The one place here that speaks gRPC.
 *
 * <p>Start at {@link dev.tenon.agent.join.Membership}.
 */
@NullMarked
package dev.tenon.agent.join;

import org.jspecify.annotations.NullMarked;

/**
 * What lives beside a workload: enters it into the mesh and takes it out. read → probe → join.
 *
 * <p>Start at {@link dev.tenon.agent.AgentModule}.
 */
@NullMarked
package dev.tenon.agent;

import org.jspecify.annotations.NullMarked;

/**
 * A workload as its own file says it: the section {@code workload} of {@code workload.yaml}, and the readiness probe that it shares with
 * Istio's WorkloadGroup. Read by the agent, the registry of machines, galley and the command. Start at {@link
 * dev.tenon.spi.workload.WorkloadSection}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.workload;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;

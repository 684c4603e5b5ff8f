/** {@code tenon workload}: the workloads of bare machines, as the control plane knows them. Start at {@link dev.tenon.cli.workload.WorkloadCommand}. */
@NullMarked
package dev.tenon.cli.workload;

import org.jspecify.annotations.NullMarked;

/** The adapter that says who called and who was called. Start at {@link dev.tenon.adapter.workloadenv.WorkloadEnv}. */
@NullMarked
package dev.tenon.adapter.workloadenv;

import org.jspecify.annotations.NullMarked;

/**
 * Decides what to do so that what runs becomes what is wanted: pure functions of records. Start at
 * {@link dev.tenon.kernel.plan.Plan}.
 */
@NullMarked
package dev.tenon.kernel.plan;

import org.jspecify.annotations.NullMarked;

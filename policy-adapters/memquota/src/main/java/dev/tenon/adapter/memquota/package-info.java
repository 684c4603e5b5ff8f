/** Quotas counted in memory. Start at {@link dev.tenon.adapter.memquota.MemQuota}. */
@NullMarked
package dev.tenon.adapter.memquota;

import org.jspecify.annotations.NullMarked;

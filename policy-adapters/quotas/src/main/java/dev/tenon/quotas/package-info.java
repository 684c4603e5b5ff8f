/**
 * What quota adapters have in common. {@link dev.tenon.quotas.Counter} counts what one key has spent, in a {@link
 * dev.tenon.quotas.FixedWindow}, a {@link dev.tenon.quotas.RollingWindow} or by {@link
 * dev.tenon.quotas.CellRate}; {@link dev.tenon.quotas.QuotaTable} reads which key has which {@link
 * dev.tenon.quotas.Limit}. No time, no thread, no socket: whoever calls says what time it is. Start at {@code
 * Counter}.
 */
@NullMarked
package dev.tenon.quotas;

import org.jspecify.annotations.NullMarked;

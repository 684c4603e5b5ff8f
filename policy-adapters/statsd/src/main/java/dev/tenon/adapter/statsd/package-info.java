/** The adapter that sends metrics to StatsD. Start at {@link dev.tenon.adapter.statsd.Statsd}. */
@NullMarked
package dev.tenon.adapter.statsd;

import org.jspecify.annotations.NullMarked;

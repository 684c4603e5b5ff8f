/** The adapter that counts metrics for Prometheus. Start at {@link dev.tenon.adapter.prometheus.Prometheus}. */
@NullMarked
package dev.tenon.adapter.prometheus;

import org.jspecify.annotations.NullMarked;

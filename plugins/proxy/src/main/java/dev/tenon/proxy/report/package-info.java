/**
 * Tells what happened: the access log, and counters in Prometheus' form with Istio's and Envoy's names.
 *
 * <p>Counting happens on each loop in plain numbers; they meet when somebody asks. Start at {@link
 * dev.tenon.proxy.report.AccessLog} and {@link dev.tenon.proxy.report.Meters}.
 */
@NullMarked
package dev.tenon.proxy.report;

import org.jspecify.annotations.NullMarked;

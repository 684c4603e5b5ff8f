package dev.tenon.proxy.report;

/**
 * One kind of request, in Istio's terms.
 *
 * @param inbound whether the destination's proxy reports it
 * @param cluster it was routed to; empty when it was routed nowhere
 * @param peer workload at the other end, {@code namespace/name}; empty when unknown
 */
public record SeriesKey(boolean inbound, String cluster, String peer) {}

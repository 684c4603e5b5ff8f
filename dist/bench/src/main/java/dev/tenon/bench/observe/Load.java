package dev.tenon.bench.observe;

/**
 * What a load generator saw.
 *
 * @param requests answered with success
 * @param failures answered otherwise, or not at all
 * @param seconds wall time of the load
 * @param p50Micros median latency
 * @param p99Micros 99th percentile of the latency
 */
public record Load(long requests, long failures, double seconds, double p50Micros, double p99Micros) {
    /** Answered requests per second. */
    public double rate() {
        return seconds == 0 ? 0 : requests / seconds;
    }
}

package dev.tenon.bench.contend;

/** How a contestant is configured. */
public enum Setting {
    /** Reverse proxying alone: no access log. */
    PLAIN,
    /** A line of access log for each request, written to a file, and metrics on. */
    OBSERVED,
    /** Every request is limited, and within the limit. */
    LIMITED
}

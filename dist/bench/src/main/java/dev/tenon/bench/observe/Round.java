package dev.tenon.bench.observe;

import java.util.Optional;

/**
 * One contestant's turn: what was asked of it and what that cost. A round in which others used the proxy's core, or in
 * which a request failed, is void: it is shown and not counted.
 */
public record Round(String contestant, Load load, Usage usage) {
    /** The share of the core's time that others may take. */
    public static final double FOREIGN_LIMIT = 0.05;

    /** CPU of the whole process for each answered request, in microseconds. */
    public double cpuMicros() {
        return usage.ownMicros() / (double) Math.max(1, load.requests());
    }

    /** Why the round does not count, if it does not. */
    public Optional<String> voided() {
        if (load.requests() == 0) {
            return Optional.of("no request answered");
        }
        if (load.failures() > 0) {
            return Optional.of(load.failures() + " requests failed");
        }
        if (usage.foreign() > FOREIGN_LIMIT) {
            return Optional.of("foreign work on the core %.0f %%".formatted(usage.foreign() * 100));
        }
        return Optional.empty();
    }

    /** Whether the round counts. */
    public boolean counts() {
        return voided().isEmpty();
    }

    @Override
    public String toString() {
        return "%-10s %8.0f req/s  %6.1f us/req  busy %3.0f %%  foreign %3.0f %%  p50 %6.0f us  p99 %6.0f us%s"
                .formatted(
                        contestant,
                        load.rate(),
                        cpuMicros(),
                        usage.busy() * 100,
                        usage.foreign() * 100,
                        load.p50Micros(),
                        load.p99Micros(),
                        voided().map(why -> "  void: " + why).orElse(""));
    }
}

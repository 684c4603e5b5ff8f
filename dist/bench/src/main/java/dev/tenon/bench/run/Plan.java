package dev.tenon.bench.run;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how many of each contestant must count
 * @param most how many are tried at most, void ones included
 * @param seconds the length of a turn
 * @param warmSeconds load before the first round for what is compiled while it runs
 * @param memorySeconds how long memory is watched at the low rate
 * @param starts how often readiness is measured beyond the starts that are needed anyway
 * @param patience how long a turn waits for the core to be idle
 * @param again whether a contestant is also measured against itself
 * @param limit the time for all, which sections divide among themselves
 */
record Plan(
        int rounds,
        int most,
        int seconds,
        int warmSeconds,
        int memorySeconds,
        int starts,
        Duration patience,
        boolean again,
        Duration limit) {
    /** A p99 of fewer rounds than these is not told in a full run. */
    static final int P99_ROUNDS = 9;

    static Plan of(Options options) {
        Plan plan = options.quick()
                ? new Plan(3, 4, 1, 4, 3, 0, Duration.ZERO, false, Duration.ofSeconds(52))
                : new Plan(P99_ROUNDS, 2 * P99_ROUNDS, 3, 12, 10, 5, Duration.ofSeconds(5), true, Duration.ofMinutes(20));
        int rounds = options.number("rounds", plan.rounds());
        int most = rounds == plan.rounds() ? plan.most() : 2 * rounds;
        int seconds = options.number("seconds", plan.seconds());
        return new Plan(
                rounds,
                most,
                seconds,
                plan.warmSeconds(),
                plan.memorySeconds(),
                plan.starts(),
                plan.patience(),
                plan.again(),
                plan.limit());
    }

    /** The moment, in nanoseconds of the system's clock, at which this share of the time is used up. */
    long until(long start, double share) {
        return start + (long) (limit.toNanos() * share);
    }
}

package dev.tenon.bench.observe;

/**
 * What a proxy and its core did between two moments.
 *
 * @param micros wall time
 * @param ownMicros CPU time of the proxy, whole process
 * @param coreMicros time in which the proxy's core was not idle
 */
public record Usage(long micros, long ownMicros, long coreMicros) {
    /** The share of the wall time, 0 to 1, in which the core worked for others than the proxy. */
    public double foreign() {
        return micros == 0 ? 0 : Math.max(0, coreMicros - ownMicros) / (double) micros;
    }

    /** The share of the wall time, 0 to 1 for a proxy on one core, in which it worked. */
    public double busy() {
        return micros == 0 ? 0 : ownMicros / (double) micros;
    }

    /** A moment, from which a usage is counted. */
    public record Moment(long pid, int core, long nanos, long processTicks, long coreTicks) {
        /** The moment that is now. */
        public static Moment now(long pid, int core) {
            return new Moment(pid, core, System.nanoTime(), Kernel.processTicks(pid), Kernel.coreTicks(core));
        }

        /** What was used since then. */
        public Usage since() {
            return until(now(pid, core));
        }

        Usage until(Moment end) {
            return new Usage(
                    (end.nanos - nanos) / 1000,
                    (end.processTicks - processTicks) * Kernel.TICK_MICROS,
                    (end.coreTicks - coreTicks) * Kernel.TICK_MICROS);
        }
    }
}

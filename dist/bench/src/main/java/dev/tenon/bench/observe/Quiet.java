package dev.tenon.bench.observe;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for a moment in which nobody uses a core, so that fewer rounds are begun in vain. */
public final class Quiet {
    private static final long WINDOW_MILLIS = 200;

    private Quiet() {}

    /** Returns after a window in which the core was idle but for the share that a round tolerates, or when patience ends. */
    public static void await(int core, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long tolerated = (long) (WINDOW_MILLIS * 1000 * Round.FOREIGN_LIMIT / Kernel.TICK_MICROS);
        while (System.nanoTime() < deadline) {
            long before = Kernel.coreTicks(core);
            TimeUnit.MILLISECONDS.sleep(WINDOW_MILLIS);
            if (Kernel.coreTicks(core) - before <= tolerated) {
                return;
            }
        }
    }
}

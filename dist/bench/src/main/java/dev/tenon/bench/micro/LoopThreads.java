package dev.tenon.bench.micro;

import dev.tenon.kernel.guard.Roll;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Has JMH measure on threads of the kind that event loops run on. JMH makes it by its name. */
public final class LoopThreads extends ThreadPoolExecutor {
    /** Those threads, for the watchdog that takes samples of them. */
    static final Roll ROLL = new Roll();

    /** As JMH calls it. */
    public LoopThreads(int most, String name) {
        super(most, most, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), ROLL.loops());
    }
}

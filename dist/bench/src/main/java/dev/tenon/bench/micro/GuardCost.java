package dev.tenon.bench.micro;

import dev.tenon.kernel.guard.Guarding;
import dev.tenon.kernel.guard.LentGuards;
import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One call of an adapter that only computes, as it is and through the guard that stands round it on an event loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GuardCost {
    private static final Guard.Call<Adapter, Instance, Verdict> CHECK = Adapter::check;
    private static final Verdict REFUSED = new Verdict.Deny(Verdict.Code.UNAVAILABLE, "", Verdict.Validity.ONCE);
    private static final Function<Trouble, Verdict> INSTEAD = GuardCost::refused;

    private final Guarding guarding = new Guarding(LoopThreads.ROLL, (module, reason) -> {});
    private final LentGuards guards = guarding.lend();
    private final Adapter adapter = new ByName();
    private final Guard guard = guards.over(adapter, "the adapter", Limits.DEFAULT);
    private final Instance instance = new Instance("n.instance.default", Template.CHECKNOTHING, Map.of(), new Nothing());

    /** Looks at what it is asked, as the cheapest of adapters does. */
    private static final class ByName implements Adapter {
        @Override
        public Verdict check(Instance instance) {
            return instance.name().length() > 100 ? REFUSED : Verdict.ALLOW;
        }
    }

    /** A request without attributes. */
    private static final class Nothing implements Attributes {
        @Override
        public @Nullable Object get(String attribute) {
            return null;
        }

        @Override
        public @Nullable String entry(String attribute, String key) {
            return null;
        }

        @Override
        public Attributes snapshot() {
            return this;
        }
    }

    private static Verdict refused(Trouble trouble) {
        return REFUSED;
    }

    /** The call alone. */
    @Benchmark
    public Verdict direct() {
        return adapter.check(instance);
    }

    /** The call through its guard. */
    @Benchmark
    public Verdict guarded() {
        return guard.call(CHECK, adapter, instance, INSTEAD);
    }

    /** Ends the watchdog. */
    @TearDown
    public void close() throws InterruptedException {
        guards.close();
        guarding.close();
    }
}

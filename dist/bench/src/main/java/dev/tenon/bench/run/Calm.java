package dev.tenon.bench.run;

import dev.tenon.bench.contend.SwapMesh.Host;
import dev.tenon.bench.drive.Latencies;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.run.Swapper.Swap;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One swap at a time with rest between them, each module in turn: what callers notice of a swap. Nothing is collected by force here.
 *
 * @param each swaps of each kind
 * @param pause seconds from one to the next
 */
record Calm(Latencies latencies, int each, int pause, PrintStream out) {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Writes {@code calm.PROCESS.MODULE.…}: the p99 of a second beside those of the seconds before. */
    void run(List<Host> hosts, Figures figures) throws IOException, InterruptedException {
        List<Double> steady = new ArrayList<>();
        for (Host host : hosts) {
            for (String module : host.jars().keySet()) {
                measure(host, module, steady, figures);
            }
        }
        figures.put("calm.steady_p99_us", Figures.median(steady));
    }

    private void measure(Host host, String module, List<Double> steady, Figures figures) throws IOException, InterruptedException {
        Swapper swapper = new Swapper(host, module);
        List<Double> before = new ArrayList<>();
        List<Double> during = new ArrayList<>();
        List<Double> after = new ArrayList<>();
        List<Double> duringRatio = new ArrayList<>();
        List<Double> afterRatio = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            int unloaded = swapper.unloaded();
            swapper.prepare();
            TimeUnit.SECONDS.sleep(pause);
            Swap swap = swapper.swap();
            TimeUnit.NANOSECONDS.sleep(SECOND + SECOND / 5);
            double calm = restBefore(swap.droppedNanos());
            double second = latencies.p99(swap.switchedNanos() - SECOND / 20, swap.switchedNanos() + SECOND * 19 / 20);
            double warming = latencies.p99(swap.droppedNanos(), swap.switchedNanos());
            if (calm > 0 && second > 0 && warming > 0) {
                before.add(calm);
                after.add(second);
                during.add(warming);
                afterRatio.add(second / calm);
                duringRatio.add(warming / calm);
            }
            swapper.awaitUnloaded(unloaded + 1);
        }
        steady.addAll(before);
        String name = "calm." + host.name() + "." + module + ".";
        figures.put(name + "p99_us", Figures.median(after));
        figures.put(name + "p99_to_steady", Figures.median(afterRatio));
        figures.put(name + "worst_to_steady", afterRatio.stream().max(Double::compare).orElse(null));
        figures.put(name + "until_switch_p99_to_steady", Figures.median(duringRatio));
        out.printf("  %-14s %-15s p99 before %s us, until the switch %s us, in the second of the switch %s us; ratios %s%n",
                host.name(), module, text(Figures.median(before)), text(Figures.median(during)), text(Figures.median(after)),
                afterRatio.stream().map("%.2f"::formatted).toList());
    }

    /** The median p99 of up to three seconds before a swap. */
    private double restBefore(long dropped) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 1; i <= Math.min(3, Math.max(1, pause / 2)); i++) {
            seconds.add(latencies.p99(dropped - i * SECOND - SECOND / 10, dropped - (i - 1) * SECOND - SECOND / 10));
        }
        Double median = Figures.median(seconds);
        return median == null ? Double.NaN : median;
    }

    private static String text(@Nullable Double value) {
        return value == null ? "-" : "%.0f".formatted(value);
    }
}

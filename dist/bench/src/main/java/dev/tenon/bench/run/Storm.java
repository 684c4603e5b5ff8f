package dev.tenon.bench.run;

import dev.tenon.bench.contend.SwapMesh.Host;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.judge.Slope;
import dev.tenon.bench.observe.Footprint;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Swaps all modules of one process again and again, each as fast as it goes, side by side: a module's next swap begins when its old
 * generation is unloaded, so that there are at most as many old ones as modules.
 */
final class Storm {
    /** What is left out of the slopes: the first swaps fill what is kept for good. */
    static final int FIRST = 100;

    private static final int MOST_SAMPLES = 20;
    /** Class loaders are to be collected within 30 s. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long BRIEFLY_NANOS = TimeUnit.SECONDS.toNanos(8);

    /** The process itself looks for what holds a loader after 30 s, and takes a while for it. */
    private static final int ANSWER_SECONDS = 60;

    private final Host host;
    private final int swaps;
    private final PrintStream out;
    private final Map<String, Integer> done = new TreeMap<>();
    private final List<Switch> switches = new ArrayList<>();
    /** Held by a swap for reading, by a look at the process, which wants no swap under way, for writing. */
    private final ReadWriteLock quiet = new ReentrantReadWriteLock(true);

    private int begun;
    private @Nullable Exception failure;

    private record Switch(String module, Swapper.Swap took) {}

    /** The process with no swap under way; a loader is left when it belongs to no module that runs. */
    private record Look(Footprint footprint, int running) {
        int beyond() {
            return footprint.loaders() - running;
        }
    }

    Storm(Host host, int swaps, PrintStream out) {
        this.host = host;
        this.swaps = swaps;
        this.out = out;
    }

    /** Runs it and writes its figures, named {@code storm.PROCESS.…}. */
    void run(Figures figures) throws IOException, InterruptedException {
        try (Told told = new Told(host)) {
            run(figures, told);
        }
    }

    private void run(Figures figures, Told told) throws IOException, InterruptedException {
        String name = "storm." + host.name() + ".";
        told.running();
        Look before = look(told);
        long begin = System.nanoTime();
        List<Thread> threads = host.jars().keySet().stream()
                .map(module -> Thread.ofPlatform().daemon().name("swap-" + module)
                        .start(() -> swapAgainAndAgain(new Swapper(host, module))))
                .toList();
        List<Slope.Sample> all = new ArrayList<>();
        List<Footprint> looks = new ArrayList<>();
        int step = swaps < FIRST ? Math.max(2, swaps / 3) : swaps / MOST_SAMPLES;
        for (int next = step; next < swaps && threads.stream().anyMatch(Thread::isAlive); next += step) {
            awaitDone(next, threads);
            Look look = quietLook(told, before, BRIEFLY_NANOS);
            looks.add(look.footprint());
            all.add(new Slope.Sample(total(), 0));
            out.printf("  %-14s %4d swaps  %s%n", host.name(), total(), look.footprint());
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure != null) {
            throw new IOException("the storm ended early", failure);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Look last = quietLook(told, before, PATIENCE_NANOS);
        Footprint after = last.footprint();
        looks.add(after);
        all.add(new Slope.Sample(total(), 0));
        out.printf("  %-14s %4d swaps in %.0f s  %s; before the first %s; %s%n",
                host.name(), total(), seconds, after, before.footprint(), done);
        if (last.beyond() > before.beyond()) {
            told.held(ANSWER_SECONDS).forEach(line -> out.println("    left: " + line));
        }
        figures.put(name + "swaps", total());
        done.forEach((module, count) -> figures.put(name + "swaps_of." + module, count));
        figures.put(name + "seconds", seconds);
        figures.put(name + "loaders_left", last.beyond() - before.beyond());
        figures.put(name + "threads_per_swap", slope(all, looks, Footprint::threads));
        figures.put(name + "fds_per_swap", slope(all, looks, Footprint::descriptors));
        figures.put(name + "metaspace_kb_per_swap", slope(all, looks, Footprint::metaspaceKb));
        figures.put(name + "rss_kb_per_swap", slope(all, looks, look -> look.residentMb() * 1000));
        figures.put(name + "rss_mb_before", before.footprint().residentMb());
        figures.put(name + "rss_mb_after", after.residentMb());
        figures.put(name + "metaspace_kb_after", after.metaspaceKb());
        figures.put(name + "threads_after", after.threads());
        figures.put(name + "fds_after", after.descriptors());
        switches(name, figures);
    }

    private void switches(String name, Figures figures) {
        quantiles(name + "switch_", Swapper.Swap::micros, figures);
        quantiles(name + "switch_cpu_", Swapper.Swap::cpuMicros, figures);
        quantiles(name + "told_", Swapper.Swap::toldMicros, figures);
        for (String module : done.keySet()) {
            List<Swapper.Swap> own = switches.stream().filter(each -> each.module().equals(module)).map(Switch::took).toList();
            out.printf("    %-16s switched in %s us, of that %s of CPU; followers told in %s us%n", module,
                    text(own, Swapper.Swap::micros), text(own, Swapper.Swap::cpuMicros), text(own, Swapper.Swap::toldMicros));
        }
    }

    private void quantiles(String name, ToIntFunction<Swapper.Swap> figure, Figures figures) {
        List<Integer> sorted = switches.stream().map(Switch::took).map(figure::applyAsInt).sorted().toList();
        figures.put(name + "p50_us", quantile(sorted, 0.5)).put(name + "p99_us", quantile(sorted, 0.99)).put(name + "max_us", sorted.getLast());
    }

    /** Median and maximum. */
    private static String text(List<Swapper.Swap> swaps, ToIntFunction<Swapper.Swap> figure) {
        List<Integer> sorted = swaps.stream().map(figure::applyAsInt).sorted().toList();
        return quantile(sorted, 0.5) + " (at most " + sorted.getLast() + ")";
    }

    private static int quantile(List<Integer> sorted, double part) {
        return sorted.get((int) (part * (sorted.size() - 1)));
    }

    private @Nullable Double slope(List<Slope.Sample> at, List<Footprint> looks, ToDoubleFunction<Footprint> figure) {
        List<Slope.Sample> samples = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            if (at.get(i).step() >= Math.min(FIRST, swaps / 4)) {
                samples.add(new Slope.Sample(at.get(i).step(), figure.applyAsDouble(looks.get(i))));
            }
        }
        return Slope.of(samples);
    }

    private void swapAgainAndAgain(Swapper swapper) {
        try {
            int unloaded = swapper.unloaded();
            while (take(swapper.module())) {
                quiet.readLock().lock();
                try {
                    Swapper.Swap swap = swapper.swap();
                    swapper.awaitUnloaded(++unloaded);
                    note(new Switch(swapper.module(), swap));
                } finally {
                    quiet.readLock().unlock();
                }
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            fail(e);
        }
    }

    /** Whether one more swap of a module may begin: none may make more than three tenths of all. */
    private synchronized boolean take(String module) {
        if (failure != null || begun >= swaps || done.getOrDefault(module, 0) >= Math.max(1, swaps * 3 / 10)) {
            return false;
        }
        begun++;
        return true;
    }

    private synchronized void note(Switch swap) {
        done.merge(swap.module(), 1, Integer::sum);
        switches.add(swap);
        notifyAll();
    }

    private synchronized void fail(Exception e) {
        failure = failure == null ? e : failure;
        notifyAll();
    }

    private synchronized int total() {
        return switches.size();
    }

    private synchronized void awaitDone(int count, List<Thread> threads) throws InterruptedException {
        while (switches.size() < count && failure == null && threads.stream().anyMatch(Thread::isAlive)) {
            wait(200);
        }
    }

    /** With no swap under way: looks until every class loader of an old generation is gone, or patience ends. */
    private Look quietLook(Told told, Look before, long patience) throws IOException, InterruptedException {
        quiet.writeLock().lock();
        try {
            long end = System.nanoTime() + patience;
            Look now = look(told);
            while (now.beyond() > before.beyond() && System.nanoTime() < end) {
                TimeUnit.SECONDS.sleep(1);
                now = look(told);
            }
            return now;
        } finally {
            quiet.writeLock().unlock();
        }
    }

    private Look look(Told told) throws IOException, InterruptedException {
        return new Look(Footprint.afterCollection(host.pid()), told.running());
    }
}

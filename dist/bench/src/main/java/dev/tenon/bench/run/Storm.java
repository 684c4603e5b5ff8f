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

    private final Host host;
    private final int swaps;
    private final PrintStream out;
    private final Map<String, Integer> done = new TreeMap<>();
    private final List<Integer> micros = new ArrayList<>();
    /** Held by a swap for reading, by a look at the process, which wants no swap under way, for writing. */
    private final ReadWriteLock quiet = new ReentrantReadWriteLock(true);

    private int begun;
    private @Nullable Exception failure;

    Storm(Host host, int swaps, PrintStream out) {
        this.host = host;
        this.swaps = swaps;
        this.out = out;
    }

    /** Runs it and writes its figures, named {@code storm.PROCESS.…}. */
    void run(Figures figures) throws IOException, InterruptedException {
        String name = "storm." + host.name() + ".";
        Footprint before = Footprint.afterCollection(host.pid());
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
            Footprint look = look(before, BRIEFLY_NANOS);
            looks.add(look);
            all.add(new Slope.Sample(total(), 0));
            out.printf("  %-14s %4d swaps  %s%n", host.name(), total(), look);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure != null) {
            throw new IOException("the storm ended early", failure);
        }
        Footprint after = look(before, PATIENCE_NANOS);
        looks.add(after);
        all.add(new Slope.Sample(total(), 0));
        out.printf("  %-14s %4d swaps  %s; before the first %s; %s%n", host.name(), total(), after, before, done);
        figures.put(name + "swaps", total());
        done.forEach((module, count) -> figures.put(name + "swaps_of." + module, count));
        figures.put(name + "seconds", (System.nanoTime() - begin) / 1e9);
        figures.put(name + "loaders_left", after.loaders() - before.loaders());
        figures.put(name + "threads_per_swap", slope(all, looks, Footprint::threads));
        figures.put(name + "fds_per_swap", slope(all, looks, Footprint::descriptors));
        figures.put(name + "metaspace_kb_per_swap", slope(all, looks, Footprint::metaspaceKb));
        figures.put(name + "rss_kb_per_swap", slope(all, looks, look -> look.residentMb() * 1000));
        figures.put(name + "rss_mb_before", before.residentMb());
        figures.put(name + "rss_mb_after", after.residentMb());
        figures.put(name + "metaspace_kb_after", after.metaspaceKb());
        figures.put(name + "threads_after", after.threads());
        figures.put(name + "fds_after", after.descriptors());
        List<Integer> sorted = micros.stream().sorted().toList();
        figures.put(name + "switch_p50_us", sorted.get(sorted.size() / 2));
        figures.put(name + "switch_p99_us", sorted.get((int) (0.99 * (sorted.size() - 1))));
        figures.put(name + "switch_max_us", sorted.getLast());
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
                    int took = swapper.swap().micros();
                    swapper.awaitUnloaded(++unloaded);
                    note(swapper.module(), took);
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

    private synchronized void note(String module, int took) {
        done.merge(module, 1, Integer::sum);
        micros.add(took);
        notifyAll();
    }

    private synchronized void fail(Exception e) {
        failure = failure == null ? e : failure;
        notifyAll();
    }

    private synchronized int total() {
        return micros.size();
    }

    private synchronized void awaitDone(int count, List<Thread> threads) throws InterruptedException {
        while (micros.size() < count && failure == null && threads.stream().anyMatch(Thread::isAlive)) {
            wait(200);
        }
    }

    /** With no swap under way: looks until every class loader of an old generation is gone, or patience ends. */
    private Footprint look(Footprint before, long patience) throws IOException, InterruptedException {
        quiet.writeLock().lock();
        try {
            long end = System.nanoTime() + patience;
            Footprint now = Footprint.afterCollection(host.pid());
            while (now.loaders() > before.loaders() && System.nanoTime() < end) {
                TimeUnit.SECONDS.sleep(1);
                now = Footprint.afterCollection(host.pid());
            }
            return now;
        } finally {
            quiet.writeLock().unlock();
        }
    }
}

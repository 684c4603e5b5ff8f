package dev.tenon.bench.run;

import dev.tenon.bench.contend.SwapMesh.Host;
import dev.tenon.bench.observe.Events.Event;
import dev.tenon.cli.demo.Rebuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces one module of a process by other builds of itself. Used by one thread at a time. */
final class Swapper {
    /**
     * One swap that was made.
     *
     * @param droppedNanos when the jar was in its place, by {@link System#nanoTime()}
     * @param switchedNanos when the log said so
     * @param micros that the switch itself took, by the clock
     * @param cpuMicros that it took of its thread's CPU time
     * @param toldMicros in which those who follow the module's offers took note, by the clock
     */
    record Swap(long droppedNanos, long switchedNanos, int micros, int cpuMicros, int toldMicros) {}

    private static final Pattern TOOK = Pattern.compile(" in (\\d+) us, (\\d+) of CPU; told in (\\d+)");
    private static final int PATIENCE = 60;
    private static final AtomicInteger BUILDS = new AtomicInteger(10);

    private final Host host;
    private final String module;
    private final Path shipped;
    private final Path staged;
    private final Path dropped;

    Swapper(Host host, String module) {
        this.host = host;
        this.module = module;
        this.shipped = Objects.requireNonNull(host.jars().get(module), module);
        this.staged = host.plugins().resolveSibling("staged-" + module + ".jar");
        this.dropped = host.plugins().resolve(shipped.getFileName());
    }

    String module() {
        return module;
    }

    /** Makes another build, which takes a moment of the load's core, so that it only has to be dropped. */
    void prepare() throws IOException {
        Rebuild.of(shipped, staged, BUILDS.incrementAndGet(), "bench", entry -> true);
    }

    /** Drops another build and waits until it has taken over. */
    Swap swap() throws IOException, InterruptedException {
        int from = host.events().count();
        long since = drop();
        Event switched = host.events().await(
                from, module, event -> event.word().equals("switched") && event.detail().startsWith("from "), PATIENCE);
        Matcher took = TOOK.matcher(switched.detail());
        if (!took.find()) {
            throw new IOException("the kernel does not say how long a switch took: " + switched);
        }
        return new Swap(since, switched.seenNanos(), Integer.parseInt(took.group(1)), Integer.parseInt(took.group(2)),
                Integer.parseInt(took.group(3)));
    }

    /** Puts another build into the drop folder, in one step; returns when that was. */
    long drop() throws IOException {
        if (Files.notExists(staged)) {
            prepare();
        }
        long now = System.nanoTime();
        Files.move(staged, dropped,
                StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return now;
    }

    /** Takes the dropped build away and waits until it is gone. */
    void remove() throws IOException, InterruptedException {
        int from = host.events().count();
        Files.delete(dropped);
        host.events().await(from, module, event -> event.word().equals("removed"), PATIENCE);
    }

    /** Waits until so many old generations have been unloaded since the process started. */
    void awaitUnloaded(int times) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE * 1_000_000_000L;
        while (host.events().of(module, "unloaded").size() < times) {
            if (System.nanoTime() > end) {
                throw new IOException("an old generation of " + module + " is not unloaded in " + PATIENCE + " s");
            }
            Thread.sleep(20);
        }
    }

    int unloaded() throws IOException {
        return host.events().of(module, "unloaded").size();
    }
}

package dev.tenon.bench.run;

import dev.tenon.bench.contend.Contestant;
import dev.tenon.bench.contend.Running;
import dev.tenon.bench.contend.Setting;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The contestants that were started in one setting; all stand by while one has its turn. */
final class Lineup implements AutoCloseable {
    private final Map<String, Running> running = new LinkedHashMap<>();

    /** Starts those that can start; says which cannot and why. */
    static Lineup start(Iterable<Contestant> contestants, Setting setting, PrintStream out) throws InterruptedException {
        Lineup lineup = new Lineup();
        for (Contestant contestant : contestants) {
            Optional<String> missing = contestant.missing();
            if (missing.isPresent()) {
                out.println("  " + contestant.name() + " is missing: " + missing.get());
                continue;
            }
            try {
                Running started = contestant.start(setting);
                lineup.running.put(contestant.name(), started);
                started.startup().ifPresent(startup -> out.printf(
                        "  %-10s ready after %.0f ms%s%n",
                        contestant.name(),
                        startup.micros() / 1e3,
                        started.readyMillis().isPresent() ? "" : "  void: foreign work on the core"));
            } catch (IOException e) {
                out.println("  " + contestant.name() + " did not start: " + e.getMessage());
            }
        }
        return lineup;
    }

    /** Those that run, by name, in the order in which they started. */
    Map<String, Running> running() {
        return running;
    }

    @Override
    public void close() {
        running.values().forEach(Running::close);
    }
}

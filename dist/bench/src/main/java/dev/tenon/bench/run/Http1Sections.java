package dev.tenon.bench.run;

import dev.tenon.bench.contend.Contestant;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Running;
import dev.tenon.bench.contend.Setting;
import dev.tenon.bench.drive.OpenLoop;
import dev.tenon.bench.drive.Wrk;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.observe.Kernel;
import dev.tenon.bench.observe.Load;
import dev.tenon.bench.observe.Quiet;
import dev.tenon.bench.observe.Round;
import dev.tenon.bench.observe.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The sections of {@link Http1}, in the order in which they are measured. */
record Http1Sections(
        List<Contestant> contestants,
        String subject,
        Plan plan,
        Wrk wrk,
        Ground ground,
        PrintStream out,
        Figures figures) {
    private static final OpenLoop RATED = new OpenLoop(9_000, 64);
    private static final OpenLoop LOW = new OpenLoop(1_000, 64);
    private static final String AGAIN = "-again";

    void run(Predicate<String> wanted) throws InterruptedException {
        long start = System.nanoTime();
        List<Double> ready = new ArrayList<>();
        if (wanted.test("saturated") || wanted.test("rated") || wanted.test("memory")) {
            plain(wanted, start, ready);
        }
        if (wanted.test("observed")) {
            out.println("saturated, with log and metrics");
            try (Lineup lineup = lineup(Setting.OBSERVED, ready)) {
                warm(lineup);
                Summary.of("observed", saturate(lineup, plan.until(start, 1)), figures);
            }
        }
        if (wanted.test("ready")) {
            for (int i = 0; i < plan.starts(); i++) {
                Quiet.await(ground.proxyCore(), plan.patience());
                lineupOf(contestants.stream().filter(c -> c.name().equals(subject)).toList(), Setting.PLAIN, ready)
                        .close();
            }
        }
        figures.put(subject + ".ready_ms", Figures.median(ready));
    }

    private void plain(Predicate<String> wanted, long start, List<Double> ready) throws InterruptedException {
        out.println("plain");
        try (Lineup lineup = lineup(Setting.PLAIN, ready)) {
            if (wanted.test("memory")) {
                memory(lineup, "rss_at_low_rate_mb");
            }
            warm(lineup);
            if (wanted.test("saturated")) {
                out.println("saturated");
                Summary.of("saturated", saturate(lineup, plan.until(start, 0.55)), figures);
            }
            if (wanted.test("memory")) {
                memory(lineup, "rss_after_saturation_mb");
            }
            if (wanted.test("rated")) {
                out.println("at " + RATED.rate() + " requests/s");
                rated(lineup, plan.until(start, 0.8));
            }
        }
    }

    private Lineup lineup(Setting setting, List<Double> ready) throws InterruptedException {
        return lineupOf(contestants, setting, ready);
    }

    private Lineup lineupOf(List<Contestant> some, Setting setting, List<Double> ready) throws InterruptedException {
        Lineup lineup = Lineup.start(some, setting, out);
        Running running = lineup.running().get(subject);
        if (running != null) {
            running.readyMillis().ifPresent(ready::add);
        }
        return lineup;
    }

    private void warm(Lineup lineup) throws InterruptedException {
        for (Contestant contestant : contestants) {
            Running running = lineup.running().get(contestant.name());
            if (running != null) {
                int seconds = contestant.warmsUp() ? plan.warmSeconds() : 1;
                attempt(contestant.name(), () -> wrk.run(running.target(), seconds));
            }
        }
    }

    private Map<String, List<Round>> saturate(Lineup lineup, long until) throws InterruptedException {
        List<Turn> turns = new ArrayList<>();
        lineup.running().forEach((name, running) ->
                turns.add(turn(name, running, () -> wrk.run(running.target(), plan.seconds()))));
        return new Interleaved(out).run(turns, plan.rounds(), plan.most(), until);
    }

    /** Each contestant at the fixed rate, in a full run twice in each round: the second shows what chance alone does. */
    private void rated(Lineup lineup, long until) throws InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (String suffix : plan.again() ? List.of("", AGAIN) : List.of("")) {
            lineup.running().forEach((name, running) ->
                    turns.add(turn(name + suffix, running, () -> RATED.run(running.target(), plan.seconds()))));
        }
        attempt("load generator", () -> RATED.run(lineup.running().values().iterator().next().target(), 1));
        Map<String, List<Round>> rounds = new Interleaved(out).run(turns, plan.rounds(), plan.most(), until);
        Summary.of("rated", rounds, figures);
        Summary.latencies("rated", rounds, plan.again() ? Plan.P99_ROUNDS : plan.rounds(), figures);
        for (String name : plan.again() ? lineup.running().keySet() : List.<String>of()) {
            figures.ratio(
                    "rated." + name + ".p99_to_itself", "rated." + name + AGAIN + ".p99_us", "rated." + name + ".p99_us");
        }
    }

    /** The resident memory of each contestant; the subject's at the end of a time at the low rate. */
    private void memory(Lineup lineup, String figure) throws InterruptedException {
        for (Map.Entry<String, Running> entry : lineup.running().entrySet()) {
            String name = entry.getKey();
            Running running = entry.getValue();
            if (name.equals(subject)) {
                attempt(name, () -> LOW.run(running.target(), plan.memorySeconds()));
            }
            Double megabytes = resident(running.pid());
            figures.put(name + "." + figure, megabytes);
            out.printf("  %-10s %s %.1f%n", name, figure, megabytes);
        }
    }

    private static @Nullable Double resident(long pid) {
        try {
            return Kernel.residentMegabytes(pid);
        } catch (UncheckedIOException e) {
            return null;
        }
    }

    private Turn turn(String name, Running running, Drive drive) {
        return new Turn(name, () -> {
            Quiet.await(ground.proxyCore(), plan.patience());
            Usage.Moment before = Usage.Moment.now(running.pid(), ground.proxyCore());
            Load load = drive.load();
            return new Round(name, load, before.since());
        });
    }

    private void attempt(String name, Drive drive) throws InterruptedException {
        try {
            drive.load();
        } catch (IOException e) {
            out.println("  " + name + ": " + e.getMessage());
        }
    }

    /** Some load. */
    @FunctionalInterface
    private interface Drive {
        Load load() throws IOException, InterruptedException;
    }
}

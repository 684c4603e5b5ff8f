package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Plug;
import dev.tenon.bench.contend.Running;
import dev.tenon.bench.contend.Setting;
import dev.tenon.bench.contend.Tenon;
import dev.tenon.bench.drive.Neighbour;
import dev.tenon.bench.drive.OpenLoop;
import dev.tenon.bench.drive.Target;
import dev.tenon.bench.judge.Chance;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.observe.Load;
import dev.tenon.bench.observe.Quiet;
import dev.tenon.bench.observe.Round;
import dev.tenon.bench.observe.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests that use no plug-in, beside others that use one. The others come at the same rate in each turn and differ in the
 * plug-in they are judged by: a good one, the same once more, and each faulty one.
 */
record NeighbourSection(Ground ground, Tenon tenon, Plan plan, Figures figures, PrintStream out) {
    private static final OpenLoop LOAD = new OpenLoop(2_000, 32);
    private static final int NEIGHBOUR_RATE = 50;
    private static final String AGAIN = "well-again";
    private static final int PATIENCE_SECONDS = 20;

    void run(List<Plug> faulty) throws IOException, InterruptedException {
        out.println("neighbours");
        List<Plug> all = new ArrayList<>(faulty);
        all.addFirst(Plug.WELL);
        try (Running running = tenon.start(Setting.PLAIN)) {
            for (Plug plug : all) {
                plug.drop(ground, tenon.plugins(Setting.PLAIN));
            }
            tenon.applyRules(Setting.PLAIN, all);
            Target target = running.target();
            awaitRules(target);
            LOAD.run(target, plan.warmSeconds());
            for (Plug plug : List.of(Plug.THROWS, Plug.HANGS)) {
                quarantine(target, plug);
            }
            stall(target);
            pauses(target);
            rounds(running, all);
            growth();
        }
    }

    /** The good one judges, and every other is there: a rule without its adapter would refuse, and say so. */
    private static void awaitRules(Target target) throws IOException {
        try (Neighbour neighbour = new Neighbour(target, Plug.BURSTS.word())) {
            double ready = neighbour.millisUntil("HTTP/1.1 200", PATIENCE_SECONDS);
            if (Double.isNaN(ready)) {
                throw new IOException("the rules do not take effect in " + PATIENCE_SECONDS + " s: " + neighbour.ask());
            }
        }
    }

    private void quarantine(Target target, Plug plug) {
        try (Neighbour neighbour = new Neighbour(target, plug.word())) {
            double millis = neighbour.millisUntil("left alone", PATIENCE_SECONDS);
            figures.put(plug.word() + ".quarantine_ms", Double.isNaN(millis) ? null : millis);
            out.printf("  %-8s is left alone after %.0f ms%n", plug.word(), millis);
        }
    }

    /** One request spins; how long others on that loop wait, and when the plug-in is bypassed. */
    private void stall(Target target) throws IOException, InterruptedException {
        try (Neighbour probe = new Neighbour(target, "");
                Neighbour neighbour = new Neighbour(target, Plug.SPINS.word())) {
            figures.put("spins.longest_before_ms", probe.longestMillis(1));
            Thread spinning = Thread.ofPlatform().start(() -> quarantine(target, Plug.SPINS));
            figures.put("spins.stall_ms", probe.longestMillis(3));
            spinning.join();
            out.printf("  spins    stalls its loop for %.0f ms%n", figures.number("spins.stall_ms"));
            if (!neighbour.ask().contains("left alone")) {
                throw new IOException("what spun is still called");
            }
        }
    }

    private void rounds(Running running, List<Plug> all) throws InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (Plug plug : all) {
            turns.add(turn(plug.word(), plug, running));
        }
        turns.add(1, turn(AGAIN, Plug.WELL, running));
        Map<String, List<Round>> rounds = new Interleaved(out).run(
                turns, plan.rounds(), plan.most(), System.nanoTime() + plan.limit().dividedBy(2).toNanos());
        Summary.of("neighbours", rounds, figures);
        Summary.latencies("neighbours", rounds, plan.rounds(), figures);
        judge(all, rounds);
    }

    private Turn turn(String name, Plug plug, Running running) {
        return new Turn(name, () -> {
            Thread neighbour = Thread.ofPlatform().daemon()
                    .start(() -> new Neighbour(running.target(), plug.word()).keepAsking(NEIGHBOUR_RATE));
            try {
                Quiet.await(ground.proxyCore(), plan.patience());
                Usage.Moment before = Usage.Moment.now(running.pid(), ground.proxyCore());
                Load load = LOAD.run(running.target(), plan.seconds());
                return new Round(name, load, before.since());
            } finally {
                neighbour.interrupt();
            }
        });
    }

    /** Each p99 over the good neighbour's, divided by what chance alone makes of that one against itself. */
    private void judge(List<Plug> all, Map<String, List<Round>> rounds) {
        figures.ratio("neighbours.p99_to_itself", p99(AGAIN), p99(Plug.WELL.word()));
        Double spread = Chance.spread(Stream.of(Plug.WELL.word(), AGAIN).flatMap(name -> rounds.getOrDefault(name, List.of()).stream())
                .filter(Round::counts).map(round -> round.load().p99Micros()).toList());
        figures.put("neighbours.p99_spread", spread);
        for (Plug plug : all) {
            if (plug != Plug.WELL) {
                figures.ratio(plug.word() + ".p99_to_well", p99(plug.word()), p99(Plug.WELL.word()));
                Double ratio = figures.number(plug.word() + ".p99_to_well");
                figures.put(plug.word() + ".p99_over_spread", ratio == null || spread == null ? null : ratio / spread);
                figures.put(plug.word() + ".failures",
                        rounds.getOrDefault(plug.word(), List.of()).stream().mapToLong(each -> each.load().failures()).sum());
            }
        }
    }

    private static String p99(String name) {
        return "neighbours." + name + ".p99_us";
    }

    /** The pauses that bursts of allocation cause, as a caller sees them. */
    private void pauses(Target target) throws IOException {
        Thread neighbour = Thread.ofPlatform().daemon()
                .start(() -> new Neighbour(target, Plug.BURSTS.word()).keepAsking(NEIGHBOUR_RATE));
        try (Neighbour probe = new Neighbour(target, "")) {
            double longest = probe.longestMillis(2);
            figures.put("bursts.longest_ms", longest);
            out.printf("  bursts   longest answer to others %.1f ms%n", longest);
        } finally {
            neighbour.interrupt();
        }
    }

    /** How much larger checkpoints make the plug-ins' code, as the sidecar counts it. */
    private void growth() throws IOException, InterruptedException {
        String metrics = tenon.metrics(Setting.PLAIN);
        double before = sum(metrics, "tenon_module_code_bytes");
        double after = sum(metrics, "tenon_module_woven_bytes");
        figures.put("woven.growth_percent", before == 0 ? null : (after / before - 1) * 100);
    }

    private static double sum(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}

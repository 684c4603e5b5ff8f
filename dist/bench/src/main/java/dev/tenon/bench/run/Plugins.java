package dev.tenon.bench.run;

import dev.tenon.bench.contend.Backend;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Launch;
import dev.tenon.bench.contend.Plug;
import dev.tenon.bench.contend.Tenon;
import dev.tenon.bench.judge.Bar;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.judge.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plug-ins in the shipped sidecar: what the guard round them costs, what faulty ones do to requests that do not use them,
 * what each adds to the start.
 */
final class Plugins implements Benchmark {
    private static final List<Plug> NEIGHBOURS = List.of(Plug.THROWS, Plug.HANGS, Plug.SPINS, Plug.BURSTS);

    @Override
    public Report run(Ground ground, Options options, PrintStream out) throws IOException, InterruptedException {
        Map<String, Object> machine = Machine.describe();
        Figures figures = new Figures();
        Plan plan = Plan.of(options);
        if (options.wants("sections", "guard")) {
            GuardSection.run(ground, options.quick(), figures, out);
        }
        Launch launch = new Launch();
        if (ground.peer("nginx").isEmpty()) {
            out.println("nginx is missing: run .ci/peers/install debian");
            return new Report("plugins", figures.values(), bars(figures), machine);
        }
        try (Backend backend = Backend.start(ground, launch, options.number("backend-port", 0))) {
            Tenon tenon = new Tenon(ground, launch, backend.port());
            Optional<String> missing = tenon.missing();
            if (missing.isPresent()) {
                out.println(missing.get());
            } else {
                if (options.wants("sections", "start")) {
                    StartSection.run(ground, tenon, options.quick() ? 2 : 5, figures, out);
                }
                if (options.wants("sections", "neighbours")) {
                    new NeighbourSection(ground, tenon, plan, figures, out).run(NEIGHBOURS);
                }
            }
        }
        return new Report("plugins", figures.values(), bars(figures), machine);
    }

    /** The promises. */
    static List<Bar> bars(Figures figures) {
        List<Bar> bars = new ArrayList<>();
        bars.add(figures.bar("guard.ns", 50));
        bars.add(figures.bar("start.ms_per_module", 20));
        for (Plug plug : NEIGHBOURS) {
            if (plug != Plug.BURSTS) {
                bars.add(figures.bar(plug.word() + ".p99_over_spread", 1.05));
                bars.add(figures.bar(plug.word() + ".quarantine_ms", 10_000));
            }
        }
        bars.add(figures.bar("spins.stall_ms", 500));
        bars.add(figures.bar("bursts.failures", 0));
        return bars;
    }
}

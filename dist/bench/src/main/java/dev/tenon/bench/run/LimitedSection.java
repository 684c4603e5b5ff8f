package dev.tenon.bench.run;

import dev.tenon.bench.contend.Envoy;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.RateLimitService;
import dev.tenon.bench.contend.Running;
import dev.tenon.bench.contend.Setting;
import dev.tenon.bench.contend.Tenon;
import dev.tenon.bench.drive.Wrk;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.observe.Load;
import dev.tenon.bench.observe.Quiet;
import dev.tenon.bench.observe.Round;
import dev.tenon.bench.observe.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests that are all within their limit, through our sidecar and through an Envoy that asks for each. The CPU of the proxies
 * alone: what the services use that they ask, on the other core, is counted for neither.
 */
record LimitedSection(
        Ground ground, Tenon tenon, Running ours, Envoy envoy, RateLimitService service, Path wrk, Plan plan, Figures figures, PrintStream out) {
    void run() throws IOException, InterruptedException {
        out.println("limited requests");
        Wrk load = new Wrk(wrk, ground.loadCore(), 64);
        try (Lineup lineup = Lineup.start(List.of(envoy), Setting.LIMITED, out)) {
            tenon.apply(Setting.LIMITED, Limits.PLENTY);
            Map<String, Running> contestants = new LinkedHashMap<>(Map.of(tenon.name(), ours));
            contestants.putAll(lineup.running());
            List<Turn> turns = new ArrayList<>();
            for (Map.Entry<String, Running> each : contestants.entrySet()) {
                load.run(each.getValue().target(), each.getKey().equals(tenon.name()) ? plan.warmSeconds() : 1);
                turns.add(new Turn(each.getKey(), () -> {
                    Quiet.await(ground.proxyCore(), plan.patience());
                    Usage.Moment before = Usage.Moment.now(each.getValue().pid(), ground.proxyCore());
                    Load done = load.run(each.getValue().target(), plan.seconds());
                    return new Round(each.getKey(), done, before.since());
                }));
            }
            long asked = service.asked();
            Map<String, List<Round>> rounds =
                    new Interleaved(out).run(turns, plan.rounds(), plan.most(), plan.until(System.nanoTime(), 0.4));
            Summary.of("limited", rounds, figures);
            long requests = rounds.getOrDefault(envoy.name(), List.of()).stream().mapToLong(round -> round.load().requests()).sum();
            figures.put("limited.envoy.asked_each", requests == 0 ? null : (service.asked() - asked) / (double) requests);
        }
        figures.ratio("limited.cpu_to_envoy", "limited.tenon.cpu_us", "limited.envoy.cpu_us");
    }
}

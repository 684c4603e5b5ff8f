package dev.tenon.bench.run;

import dev.tenon.bench.contend.Backend;
import dev.tenon.bench.contend.Envoy;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Launch;
import dev.tenon.bench.contend.RateLimitService;
import dev.tenon.bench.contend.Redis;
import dev.tenon.bench.contend.Running;
import dev.tenon.bench.contend.Setting;
import dev.tenon.bench.contend.Tenon;
import dev.tenon.bench.judge.Bar;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.judge.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What policy costs: checks in process, counters in memory, the service that counts for all, trips to it and to Redis, and a
 * limited request against Envoy that asks for each one.
 */
final class Policy implements Benchmark {
    @Override
    public Report run(Ground ground, Options options, PrintStream out) throws IOException, InterruptedException {
        Map<String, Object> machine = Machine.describe();
        Figures figures = new Figures();
        Plan plan = Plan.of(options);
        inProcess(ground, options, figures, out);
        Launch launch = new Launch();
        if (options.wants("sections", "service")) {
            ServiceSection.run(ground, launch, options.quick(), figures, out);
        }
        if (options.wants("sections", "trips") || options.wants("sections", "limited")) {
            limited(ground, launch, options, plan, figures, out);
        }
        return new Report("policy", figures.values(), bars(figures), machine);
    }

    /** In a quick run keys are counted on the load's core while checks are measured on the other. */
    private static void inProcess(Ground ground, Options options, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        boolean keys = options.wants("sections", "keys");
        try (KeysSection beside = keys && options.quick() ? KeysSection.begin(ground, ground.loadCore(), 6, 500_000) : null) {
            if (options.wants("sections", "check")) {
                out.println("checks in process, ns and bytes");
                Map<String, Double> scores = Micro.run(ground, "PolicyCost", options.quick(), out);
                for (String each : List.of("none", "denier", "thousand", "list", "quota", "match")) {
                    figures.put("check." + each + "_ns", scores.get(each)).put("check." + each + "_bytes", scores.get(each + ".bytes"));
                }
                figures.ratio("check.thousand_rules_to_one", "check.thousand_ns", "check.denier_ns");
            }
            if (beside != null) {
                beside.tell(figures, out);
            }
        }
        if (keys && !options.quick()) {
            try (KeysSection alone = KeysSection.begin(ground, ground.proxyCore(), 30, 2_000_000)) {
                alone.tell(figures, out);
            }
        }
    }

    private static void limited(Ground ground, Launch launch, Options options, Plan plan, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        Optional<Path> wrk = ground.peer("wrk");
        if (ground.peer("nginx").isEmpty() || wrk.isEmpty()) {
            out.println("nginx or wrk is missing: run .ci/peers/install debian");
            return;
        }
        try (Backend backend = Backend.start(ground, launch, 0)) {
            Tenon tenon = new Tenon(ground, launch, backend.port());
            Optional<String> missing = tenon.missing();
            if (missing.isPresent()) {
                out.println(missing.get());
                return;
            }
            try (Running ours = tenon.start(Setting.LIMITED)) {
                if (options.wants("sections", "trips")) {
                    try (Redis redis = Redis.start(ground, launch).orElse(null)) {
                        TripsSection.run(tenon, ours, redis, options.quick(), figures, out);
                    }
                }
                if (options.wants("sections", "limited")) {
                    try (RateLimitService service = RateLimitService.start()) {
                        Envoy envoy = new Envoy(ground, launch, ground.peer("envoy"), backend.port(), service.port());
                        new LimitedSection(ground, tenon, ours, envoy, service, wrk.get(), plan, figures, out).run();
                    }
                }
            }
        }
    }

    /** The promises. */
    static List<Bar> bars(Figures figures) {
        return List.of(
                figures.bar("check.denier_ns", 1_000),
                figures.bar("check.denier_bytes", 100),
                figures.bar("check.list_ns", 1_000),
                figures.bar("check.list_bytes", 100),
                figures.bar("check.match_ns", 100),
                figures.bar("check.thousand_rules_to_one", 1.5),
                figures.bar("keys.million_mb", 300),
                figures.bar("keys.attacked_mb", 300),
                figures.bar("keys.over_mb", 20),
                figures.bar("service.cpu_us", 50),
                figures.bar("trips.fixed_share", 0.01),
                figures.bar("trips.rolling_share", 0.01),
                figures.bar("trips.redis_each", 0.1),
                figures.bar("limited.cpu_to_envoy", 0.5));
    }
}

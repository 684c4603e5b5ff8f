package dev.tenon.bench.run;

import dev.tenon.bench.contend.Attached;
import dev.tenon.bench.contend.Backend;
import dev.tenon.bench.contend.Contestant;
import dev.tenon.bench.contend.Envoy;
import dev.tenon.bench.contend.Given;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Haproxy;
import dev.tenon.bench.contend.Launch;
import dev.tenon.bench.contend.Tenon;
import dev.tenon.bench.drive.Wrk;
import dev.tenon.bench.judge.Bar;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.judge.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * HTTP/1.1 through the sidecar, against haproxy and Envoy: CPU for each request saturated, at a fixed rate, and with log and
 * metrics; time to be ready; memory. The proxy whose turn it is has one core, load and backend share another.
 */
final class Http1 implements Benchmark {
    private static final int CONNECTIONS = 64;

    @Override
    public Report run(Ground ground, Options options, PrintStream out) throws IOException, InterruptedException {
        Map<String, Object> machine = Machine.describe();
        Figures figures = new Figures();
        String subject = subject(options);
        Optional<Wrk> wrk = ground.peer("wrk").map(path -> new Wrk(path, ground.loadCore(), CONNECTIONS));
        if (wrk.isPresent() && ground.peer("nginx").isPresent()) {
            Launch launch = new Launch();
            try (Backend backend = Backend.start(ground, launch, options.number("backend-port", 0))) {
                List<Contestant> contestants = contestants(ground, launch, backend.port(), options);
                Http1Sections sections =
                        new Http1Sections(contestants, subject, Plan.of(options), wrk.get(), ground, out, figures);
                sections.run(section -> options.wants("sections", section));
            }
        } else {
            out.println("wrk or nginx is missing: run .ci/peers/install debian");
        }
        return new Report("http1", figures.values(), bars(figures, subject), machine);
    }

    private static String subject(Options options) {
        boolean given = options.value("contestant-cmd").isPresent()
                || options.value("contestant-pid").isPresent();
        return given ? "given" : "tenon";
    }

    private static List<Contestant> contestants(Ground ground, Launch launch, int backend, Options options)
            throws IOException, InterruptedException {
        Contestant subject;
        if (options.value("contestant-cmd").isPresent()) {
            subject = new Given(ground, launch, options.value("contestant-cmd").get(), backend);
        } else if (options.value("contestant-pid").isPresent()) {
            subject = new Attached(
                    ground,
                    options.number("contestant-pid", 0),
                    options.number("contestant-port", 0),
                    options.value("contestant-host").orElse("bench.test"));
        } else {
            subject = new Tenon(ground, launch, backend);
        }
        return Stream.of(
                        new Haproxy(ground, launch, ground.peer("haproxy"), backend),
                        new Envoy(ground, launch, ground.peer("envoy"), backend),
                        subject)
                .filter(contestant -> options.wants("only", contestant.name()))
                .toList();
    }

    /** The promises of speed and memory. */
    static List<Bar> bars(Figures figures, String subject) {
        String saturated = "saturated." + subject + ".cpu_us";
        figures.ratio("saturated.cpu_to_envoy", saturated, "saturated.envoy.cpu_us");
        figures.ratio("saturated.cpu_to_haproxy", saturated, "saturated.haproxy.cpu_us");
        figures.ratio("rated.cpu_to_envoy", "rated." + subject + ".cpu_us", "rated.envoy.cpu_us");
        figures.ratio("rated.cpu_to_haproxy", "rated." + subject + ".cpu_us", "rated.haproxy.cpu_us");
        figures.ratio("observed.cpu_to_envoy", "observed." + subject + ".cpu_us", "observed.envoy.cpu_us");
        return List.of(
                figures.bar("saturated.cpu_to_envoy", 0.45),
                figures.bar("saturated.cpu_to_haproxy", 1.2),
                figures.bar("rated.cpu_to_envoy", 0.6),
                figures.bar("observed.cpu_to_envoy", 0.55),
                figures.bar(subject + ".ready_ms", 1500),
                figures.bar(subject + ".rss_at_low_rate_mb", 110),
                figures.bar(subject + ".rss_after_saturation_mb", 110));
    }
}

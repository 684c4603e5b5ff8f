package dev.tenon.bench.run;

import dev.tenon.bench.contend.Consul;
import dev.tenon.bench.contend.ControlPlane;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Launch;
import dev.tenon.bench.drive.EndpointWatch;
import dev.tenon.bench.drive.EndpointWatch.Told;
import dev.tenon.bench.drive.Leases;
import dev.tenon.bench.judge.Bar;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.judge.Report;
import dev.tenon.bench.observe.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The shipped control plane over a real Consul with 2,000 services of 5 instances, and over 2,000 machines with leases: how soon, how
 * much work, how many connections; and a machine that joins. Sections: {@code catalog}, {@code change}, {@code leases}, {@code join}.
 */
final class Registry implements Benchmark {
    private static final int SERVICES = 2_000;
    private static final int INSTANCES = 5;
    private static final int NODES = 100;
    private static final int MACHINES = 2_000;
    private static final String WATCHED = "s7";

    @Override
    public Report run(Ground ground, Options options, PrintStream out) throws IOException, InterruptedException {
        Map<String, Object> machine = Machine.describe();
        Figures figures = new Figures();
        Launch launch = new Launch();
        Optional<Path> consul = ground.peer("consul");
        if (Files.notExists(ground.root().resolve("dist/target/tenon/bin/tenon"))) {
            out.println("the distribution is not built: run mvn package");
        } else {
            if (consul.isEmpty()) {
                out.println("consul is missing: run .ci/peers/install consul");
            } else if (options.wants("sections", "catalog") || options.wants("sections", "change")) {
                try (Consul agent = Consul.start(ground, launch, consul.get())) {
                    catalog(ground, launch, agent, options, figures, out);
                }
            }
            if (options.wants("sections", "leases")) {
                leases(ground, launch, options.quick() ? 7 : 30, figures, out);
            }
            if (options.wants("sections", "join")) {
                JoinSection.measure(ground, launch, options.quick() ? 3 : 10, figures, out);
            }
        }
        return new Report("registry", figures.values(), bars(figures), machine);
    }

    private static void catalog(Ground ground, Launch launch, Consul consul, Options options, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        fill(consul);
        long began = System.nanoTime();
        try (ControlPlane control = ControlPlane.start(ground, launch, "consul", "galley, registry-consul, pilot", consul.address())) {
            control.await("tenon_mesh_endpoints", value -> value >= SERVICES * INSTANCES, 60);
            figures.put("catalog.first_whole_s_from_process_start", (System.nanoTime() - began) / 1e9);
            figures.put("catalog.joined_ms", control.figure("tenon_mesh_slowest_join_seconds").map(each -> each * 1000).orElse(null));
            out.printf("%d services of %d instances are there%n", SERVICES, INSTANCES);
            if (options.wants("sections", "catalog")) {
                rest(ground, control, consul, options.quick() ? 10 : 40, figures, out);
            }
            if (options.wants("sections", "change")) {
                change(control, consul, options.quick() ? 40 : 300, figures, out);
            }
        }
    }

    private static void fill(Consul consul) throws IOException, InterruptedException {
        List<String> operations = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            operations.add(Consul.node("node" + node, "10.1.0." + node));
        }
        consul.transact(operations);
        operations.clear();
        for (int i = 0; i < SERVICES * INSTANCES; i++) {
            String node = "node" + i % NODES;
            String id = "i" + i;
            operations.add(Consul.instance(node, id, "s" + i / INSTANCES, "10.2." + i / 250 + "." + i % 250));
            operations.add(Consul.check(node, id, "passing"));
        }
        consul.transact(operations);
    }

    /** Nothing changes: what does that cost? */
    private static void rest(Ground ground, ControlPlane control, Consul consul, int seconds, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(seconds / 4);
        Usage.Moment from = Usage.Moment.now(control.pid(), ground.proxyCore());
        long most = 0;
        for (int second = 0; second < seconds; second++) {
            TimeUnit.SECONDS.sleep(1);
            most = Math.max(most, ControlPlane.connectionsTo(consul.port()));
        }
        figures.put("steady.core", from.since().busy()).put("steady.connections", most)
                .put("steady.heap_mb", control.heapMegabytes().orElse(null));
        out.printf("at rest: %s of a core, %d connections, %s MB of heap%n", figures.number("steady.core"), most, figures.number("steady.heap_mb"));
    }

    /** One check fails and passes again: from Consul's own word of it to the proxy's. */
    private static void change(ControlPlane control, Consul consul, int times, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        int first = Integer.parseInt(WATCHED.substring(1)) * INSTANCES;
        List<Double> millis = new ArrayList<>();
        try (EndpointWatch watch = new EndpointWatch(control.discovery(), "outbound|80||" + WATCHED + ".default.svc.cluster.local")) {
            if (watch.next(10) == null) {
                throw new IOException("the control plane tells no endpoints");
            }
            double merged = control.figure("tenon_mesh_services_merged_total").orElse(0.0);
            for (int i = 0; i < times; i++) {
                String index = consul.ask("GET", "/v1/health/service/" + WATCHED, "").headers().firstValue("X-Consul-Index").orElse("1");
                CompletableFuture<Long> notice = notice(consul, index);
                TimeUnit.MILLISECONDS.sleep(50);
                consul.transact(List.of(Consul.check("node" + first % NODES, "i" + first, i % 2 == 0 ? "critical" : "passing")));
                Told told = watch.next(10);
                if (told == null) {
                    throw new IOException("the change " + i + " did not reach the proxy in 10 s");
                }
                millis.add(Math.max(0, (told.nanos() - notice.join()) / 1e6));
            }
            figures.put("change.merged_each", (control.figure("tenon_mesh_services_merged_total").orElse(0.0) - merged) / times);
        }
        Collections.sort(millis);
        figures.put("change.count", millis.size()).put("change.median_ms", Figures.median(millis))
                .put("change.p99_ms", millis.get((int) Math.ceil(millis.size() * 0.99) - 1)).put("change.worst_ms", millis.getLast());
        out.printf("a change: median %.1f ms, p99 %.1f ms beyond Consul's own notice%n", figures.number("change.median_ms"), figures.number("change.p99_ms"));
    }

    private static CompletableFuture<Long> notice(Consul consul, String index) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                consul.ask("GET", "/v1/health/service/" + WATCHED + "?wait=20s&index=" + index, "");
                return System.nanoTime();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
    }

    private static void leases(Ground ground, Launch launch, int seconds, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        try (ControlPlane control = ControlPlane.start(ground, launch, "machines", "galley, registry-vm, pilot", "")) {
            // Before it serves, whoever comes is sent away; these machines come but once.
            control.await("tenon_registry_stale{registry=\"vm\"}", value -> value == 0, 60);
            try (Leases leases = new Leases(control.discovery(), MACHINES)) {
                control.await("tenon_registry_workloads{registry=\"vm\"}", value -> value >= MACHINES, 60);
                TimeUnit.SECONDS.sleep(Math.max(3, seconds / 4));
                long beats = leases.beats();
                Usage.Moment from = Usage.Moment.now(control.pid(), ground.proxyCore());
                TimeUnit.SECONDS.sleep(seconds);
                Usage usage = from.since();
                figures.put("leases.beats_per_s", (leases.beats() - beats) * 1e6 / usage.micros()).put("leases.core", usage.busy())
                        .put("leases.ended", leases.ended());
                out.printf("%d leases: %.0f beats/s, %.3f of a core%n", leases.held(), figures.number("leases.beats_per_s"), usage.busy());
            }
        }
    }

    /** The promises. */
    static List<Bar> bars(Figures figures) {
        return List.of(
                figures.bar("catalog.first_whole_s_from_process_start", 5),
                figures.bar("catalog.joined_ms", 200),
                figures.bar("steady.core", 0.05),
                figures.bar("steady.connections", 20),
                figures.bar("steady.heap_mb", 100),
                figures.bar("change.median_ms", 100),
                figures.bar("change.p99_ms", 300),
                figures.bar("change.merged_each", 1),
                figures.bar("leases.core", 0.1),
                figures.bar("leases.ended", 0),
                figures.bar("join.worst_ms", 5_000));
    }
}

package dev.tenon.bench.run;

import dev.tenon.bench.contend.Backend;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Launch;
import dev.tenon.bench.contend.SwapMesh;
import dev.tenon.bench.drive.Echo;
import dev.tenon.bench.drive.HttpFlow;
import dev.tenon.bench.drive.TcpFlow;
import dev.tenon.bench.drive.Wrk;
import dev.tenon.bench.judge.Bar;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.judge.Report;
import dev.tenon.bench.observe.Events.Event;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Modules are swapped under load at half of saturation, retries off: what callers notice, and whether anything of the old generations
 * stays. Sections: {@code drop}, {@code sidecar} and {@code control-plane} (storms), {@code calm}.
 */
final class Swap implements Benchmark {
    private static final int CONNECTIONS = 32;
    private static final int TCP_CONNECTIONS = 16;
    private static final int TCP_RATE = 400;
    /** What the load generator can do beside the backend on one core. */
    private static final int MOST_RATE = 8000;

    private static final int DROPS = 5;
    private static final double DRAIN_SECONDS = 5;
    private static final double TOLERANCE_SECONDS = 0.2;

    @Override
    public Report run(Ground ground, Options options, PrintStream out) throws IOException, InterruptedException {
        Map<String, Object> machine = Machine.describe();
        Figures figures = new Figures();
        Optional<Path> wrk = ground.peer("wrk");
        if (wrk.isPresent() && ground.peer("nginx").isPresent()) {
            Launch launch = new Launch();
            try (Backend backend = Backend.start(ground, launch, 0);
                    Echo echo = Echo.start();
                    SwapMesh mesh = SwapMesh.start(ground, launch, backend.port(), echo.port())) {
                double saturated = new Wrk(wrk.get(), ground.loadCore(), CONNECTIONS)
                        .run(mesh.http(), options.quick() ? 3 : 10).rate();
                int rate = (int) Math.min(MOST_RATE, saturated / 2);
                figures.put("saturated_rps", saturated).put("rate", rate).put("tcp_rate", TCP_RATE);
                out.printf("half of saturation: %d of %.0f req/s, and %d words/s over raw TCP%n", rate, saturated, TCP_RATE);
                loaded(mesh, rate, options, out, figures);
            }
        } else {
            out.println("wrk or nginx is missing: run .ci/peers/install debian");
        }
        return new Report("swap", figures.values(), bars(figures, options), machine);
    }

    private static void loaded(SwapMesh mesh, int rate, Options options, PrintStream out, Figures figures)
            throws IOException, InterruptedException {
        int swaps = options.number("swaps", options.quick() ? 24 : 1000);
        boolean quick = options.quick();
        drop(mesh, options, figures);
        TcpFlow tcp = TcpFlow.start(mesh.tcp(), TCP_RATE, TCP_CONNECTIONS);
        try (tcp) {
            HttpFlow storms = HttpFlow.start(mesh.http(), rate, CONNECTIONS);
            try (storms) {
                if (options.wants("sections", "sidecar")) {
                    new Storm(mesh.sidecar(), swaps, out).run(figures);
                }
                if (options.wants("sections", "control-plane")) {
                    new Storm(mesh.controlPlane(), quick ? swaps / 4 : swaps, out).run(figures);
                }
            }
            http("http", storms, out, figures);
            if (options.wants("sections", "calm")) {
                // Load of its own: what a storm made wait must not be counted here.
                HttpFlow calm = HttpFlow.start(mesh.http(), rate, CONNECTIONS);
                try (calm) {
                    new Calm(calm.latencies(), options.number("each", quick ? 1 : 50), options.number("pause", quick ? 1 : 20), out)
                            .run(quick ? List.of(mesh.sidecar()) : List.of(mesh.sidecar(), mesh.controlPlane()), figures);
                }
                http("calm.http", calm, out, figures);
            }
        }
        tcp(mesh, tcp, out, figures);
    }

    private static void http(String name, HttpFlow flow, PrintStream out, Figures figures) {
        figures.put(name + ".requests", flow.latencies().count()).put(name + ".failed", flow.failed())
                .put(name + ".reconnects", flow.reconnects());
        out.printf("HTTP/1.1: %d requests, failed %s, %d reconnects%n", flow.latencies().count(), flow.failures(), flow.reconnects());
    }

    /** A plain jar is dropped, again and again: how long until it serves. The last one stays. */
    private static void drop(SwapMesh mesh, Options options, Figures figures) throws IOException, InterruptedException {
        Swapper relay = new Swapper(mesh.sidecar(), SwapMesh.RELAY);
        List<Double> millis = new ArrayList<>();
        int times = options.quick() ? 2 : DROPS;
        for (int i = 1; i <= times; i++) {
            long dropped = relay.drop();
            while (!echoes(mesh.tcp())) {
                if (System.nanoTime() - dropped > TimeUnit.SECONDS.toNanos(30)) {
                    throw new IOException("the dropped relay does not serve in 30 s");
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            millis.add((System.nanoTime() - dropped) / 1e6);
            if (i < times) {
                relay.remove();
            }
        }
        figures.put("drop.serves_ms", Figures.median(millis))
                .put("drop.serves_ms_worst", millis.stream().max(Double::compare).orElseThrow());
    }

    private static boolean echoes(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(7);
            return socket.getInputStream().read() == 7;
        } catch (IOException e) {
            return false;
        }
    }

    private static void tcp(SwapMesh mesh, TcpFlow tcp, PrintStream out, Figures figures) throws IOException {
        List<Long> switches = mesh.sidecar().events().of(SwapMesh.RELAY, "switched").stream()
                .map(Event::seenNanos).toList();
        long early = tcp.ends().stream().filter(end -> switches.stream().noneMatch(at -> atDeadline(at, end))).count();
        int failed = tcp.failures().values().stream().mapToInt(Integer::intValue).sum();
        figures.put("tcp.words", tcp.words()).put("tcp.failed", failed).put("tcp.ended_early", early)
                .put("tcp.reconnects", tcp.ends().size());
        out.printf("raw TCP: %d words, failed %s, %d connections ended at the drain deadline, %d before%n",
                tcp.words(), tcp.failures(), tcp.ends().size() - early, early);
    }

    private static boolean atDeadline(long switched, long ended) {
        double seconds = (ended - switched) / 1e9;
        return seconds >= DRAIN_SECONDS - TOLERANCE_SECONDS && seconds <= DRAIN_SECONDS + 2;
    }

    /** What was promised. A slope that is not flat is a leak: 1,000 swaps may cost a megabyte of metaspace, and ten of memory. */
    static List<Bar> bars(Figures figures, Options options) {
        List<Bar> bars = new ArrayList<>();
        bars.add(figures.bar("http.failed", 0));
        if (options.wants("sections", "calm")) {
            bars.add(figures.bar("calm.http.failed", 0));
        }
        bars.add(figures.bar("tcp.failed", 0));
        bars.add(figures.bar("tcp.ended_early", 0));
        bars.add(figures.bar("drop.serves_ms_worst", 2000));
        for (String process : List.of("sidecar", "control-plane")) {
            if (options.wants("sections", process)) {
                String name = "storm." + process + ".";
                bars.add(figures.bar(name + "loaders_left", 0));
                bars.add(figures.bar(name + "threads_per_swap", 0.01));
                bars.add(figures.bar(name + "fds_per_swap", 0.01));
                bars.add(figures.bar(name + "metaspace_kb_per_swap", 1));
                bars.add(figures.bar(name + "rss_kb_per_swap", 10));
                bars.add(figures.bar(name + "switch_p99_us", 1000));
            }
        }
        figures.values().keySet().stream().filter(name -> name.startsWith("calm.") && name.endsWith("p99_to_steady")).toList()
                .forEach(name -> bars.add(figures.bar(name, 2)));
        return bars;
    }
}

package dev.tenon.bench.run;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.bench.contend.ControlPlane;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Launch;
import dev.tenon.bench.drive.Target;
import dev.tenon.bench.judge.Figures;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code tenon vm join} with a token, over TLS: from the command to the first request that the host's sidecar serves. */
final class JoinSection {
    private JoinSection() {}

    static void measure(Ground ground, Launch launch, int times, Figures figures, PrintStream out) throws IOException, InterruptedException {
        HttpServer application = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        application.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        application.start();
        List<Double> millis = new ArrayList<>();
        try (ControlPlane control = ControlPlane.start(ground, launch, "joining", "citadel, galley, mixer, registry-vm, pilot", "")) {
            control.await("tenon_registry_stale{registry=\"vm\"}", value -> value == 0, 60);
            String token = control.token("reviews", times);
            for (int host = 0; host < times; host++) {
                millis.add(once(ground, launch, control, token, host, application.getAddress().getPort()));
            }
        } finally {
            application.stop(0);
        }
        Collections.sort(millis);
        figures.put("join.count", millis.size()).put("join.median_ms", Figures.median(millis)).put("join.worst_ms", millis.getLast());
        out.printf("from tenon vm join to the first served request: median %.0f ms, worst %.0f ms%n", figures.number("join.median_ms"), millis.getLast());
    }

    private static double once(Ground ground, Launch launch, ControlPlane control, String token, int host, int application)
            throws IOException, InterruptedException {
        int listen = Ground.freePort();
        Path directory = Files.createDirectories(ground.directory().resolve("host-" + host));
        Path workload = Files.writeString(directory.resolve("workload.yaml"), """
                workload:
                  name: reviews-%1$d
                  address: 127.0.0.1
                  ports:
                  - {service: reviews, port: 9080, listen: %2$d, application: "127.0.0.1:%3$d"}
                proxy: {admin: {address: "127.0.0.1:%4$d"}, httpProxyPort: %5$d}
                """.formatted(host, listen, application, Ground.freePort(), Ground.freePort()));
        Path log = directory.resolve("host.log");
        long began = System.nanoTime();
        Process joined = launch.start(ground.loadCore(), log, List.of(
                ground.root().resolve("dist/target/tenon/bin/tenon").toString(), "vm", "join", "--foreground", "--server",
                "127.0.0.1:" + control.secure(), "--token", token, "--workload", workload.toString(), "--directory", directory.resolve("membership").toString()));
        try {
            launch.awaitAnswer(joined, new Target(listen, "reviews"), log);
            return (System.nanoTime() - began) / 1e6;
        } finally {
            launch.stop(joined);
        }
    }
}

package dev.tenon.bench.run;

import dev.tenon.bench.contend.ControlPlane;
import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Launch;
import dev.tenon.bench.drive.Asking;
import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.observe.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a decision costs the policy service: ten proxies ask it, each for one of a thousand callers at a time. */
final class ServiceSection {
    private static final int PROXIES = 10;

    private ServiceSection() {}

    static void run(Ground ground, Launch launch, boolean quick, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        out.println("decisions of the policy service");
        if (Files.notExists(ground.root().resolve("dist/target/tenon/bin/tenon"))) {
            out.println("  the distribution is not built: run mvn package");
            return;
        }
        Path config = Files.createDirectories(ground.directory().resolve("service/control-plane/config"));
        Files.writeString(config.resolve("limit.yaml"), Limits.yaml("rolling", 1_000_000_000L, 10_000, null));
        try (ControlPlane service = ControlPlane.start(ground, launch, "service", "galley, mixer, registry-vm, pilot", "");
                Asking asking = new Asking(service.discovery(), PROXIES, "limit.default", "requests.instance.default")) {
            asking.untilGranted(20);
            asking.run(quick ? 4_000 : 12_000, 16);
            List<Double> micros = new ArrayList<>();
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round < (quick ? 2 : 9); round++) {
                Usage.Moment before = Usage.Moment.now(service.pid(), ground.proxyCore());
                long decided = asking.run(1_000, 16);
                Usage usage = before.since();
                micros.add(usage.ownMicros() / (double) decided);
                rates.add(decided / (usage.micros() / 1e6));
                out.printf("  %.0f decisions/s  %.1f us each  busy %.0f %%%n", rates.getLast(), micros.getLast(), usage.busy() * 100);
            }
            figures.put("service.cpu_us", Figures.median(micros)).put("service.rate", Figures.median(rates));
        }
    }
}

package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.contend.Plug;
import dev.tenon.bench.contend.Running;
import dev.tenon.bench.contend.Setting;
import dev.tenon.bench.contend.Tenon;
import dev.tenon.bench.judge.Figures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the sidecar with and without ten dropped jars, in turns. */
final class StartSection {
    private static final int JARS = 10;

    private StartSection() {}

    static void run(Ground ground, Tenon tenon, int starts, Figures figures, PrintStream out)
            throws IOException, InterruptedException {
        out.println("start with " + JARS + " jars and without");
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        Path folder = tenon.plugins(Setting.PLAIN);
        for (int i = 0; i < starts; i++) {
            without.add(start(tenon, out, "without"));
            Plug.dropMany(ground, folder, JARS);
            with.add(start(tenon, out, "with"));
            empty(folder);
        }
        @Nullable Double few = Figures.median(without);
        @Nullable Double many = Figures.median(with);
        figures.put("start.without_ms", few).put("start.with_ms", many)
                .put("start.ms_per_module", few == null || many == null ? null : (many - few) / JARS);
    }

    private static double start(Tenon tenon, PrintStream out, String what) throws IOException, InterruptedException {
        try (Running running = tenon.start(Setting.PLAIN)) {
            double millis = running.startup().orElseThrow().micros() / 1e3;
            out.printf("  %-8s ready after %.0f ms%n", what, millis);
            return millis;
        }
    }

    private static void empty(Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path jar : jars.toList()) {
                Files.delete(jar);
            }
        }
    }
}

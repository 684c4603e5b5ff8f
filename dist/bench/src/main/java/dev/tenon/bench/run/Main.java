package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.judge.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs one benchmark. Prints its progress and, as the last line, its report. Exit codes: 0 all bars met, 1 a bar missed, 2 a
 * bar not measured, 64 wrong usage, 70 the harness failed.
 */
public final class Main {
    private static final Map<String, Benchmark> BENCHMARKS =
            Map.of(
                    "http1", new Http1(), "plugins", new Plugins(), "policy", new Policy(), "registry", new Registry(), "swap", new Swap());
    /** Interrupts and the house-keeping of the kernel prefer core 0: proxies have the other. */
    private static final int PROXY_CORE = 1;

    private static final int LOAD_CORE = 0;
    private static final int USAGE = 64;
    private static final int BROKEN = 70;

    private Main() {}

    /** The command; the launchers of dist/bench call it. */
    public static void main(String... arguments) {
        System.exit(run(arguments, System.out));
    }

    static int run(String[] arguments, PrintStream out) {
        try {
            if (List.of(arguments).contains("--help")) {
                out.print(Options.USAGE);
                return 0;
            }
            Options options = Options.parse(arguments);
            Benchmark benchmark = BENCHMARKS.get(options.benchmark());
            if (benchmark == null) {
                throw new IllegalArgumentException(
                        "no benchmark " + options.benchmark() + ": there are " + BENCHMARKS.keySet());
            }
            return run(benchmark, options, out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.USAGE);
            return USAGE;
        } catch (IOException | RuntimeException e) {
            System.err.println("the benchmark failed: " + e);
            return BROKEN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return BROKEN;
        }
    }

    private static int run(Benchmark benchmark, Options options, PrintStream out)
            throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("tenon.root", ".")).toAbsolutePath().normalize();
        Path runs = Files.createDirectories(root.resolve("dist/bench/target/runs"));
        Path directory = Files.createTempDirectory(runs, options.benchmark() + "-");
        Ground ground = new Ground(root, directory, PROXY_CORE, LOAD_CORE);
        Report report = benchmark.run(ground, options, out);
        String line = report.json();
        if (options.report().isPresent()) {
            Path file = options.report().get().toAbsolutePath();
            Files.createDirectories(file.getParent());
            Files.writeString(file, line + "\n");
        }
        // Access logs are large, and what failed was told above.
        delete(directory);
        out.println(line);
        return report.exitCode();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

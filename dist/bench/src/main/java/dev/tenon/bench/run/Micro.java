package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs JMH in a process of its own, on the proxy's core and on threads of the kind that event loops run on. */
final class Micro {
    private static final String BYTES = "gc.alloc.rate.norm";

    private Micro() {}

    /**
     * Runs the benchmarks of a class.
     *
     * @return nanoseconds of each by its method's name, of CPU where that is counted, and bytes allocated by that name and {@code .bytes};
     *     empty when JMH is not there
     */
    static Map<String, Double> run(Ground ground, String type, boolean quick, PrintStream out)
            throws IOException, InterruptedException {
        Path libraries = ground.root().resolve("dist/bench/target/micro");
        if (Files.notExists(libraries)) {
            out.println("  JMH is missing: build dist/bench with mvn package");
            return Map.of();
        }
        Path result = ground.directory().resolve(type + ".csv");
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(ground.proxyCore()),
                ProcessHandle.current().info().command().orElse("java"), "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + libraries.resolve("*"), "org.openjdk.jmh.Main",
                type + "\\.", "-f", quick ? "1" : "3", "-wi", quick ? "2" : "5", "-w", "500ms", "-i", quick ? "1" : "5",
                "-r", "500ms", "-t", "1", "-prof", "gc", "-rf", "csv", "-rff", result.toString(), "-jvmArgs",
                "-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Djmh.executor=CUSTOM -Djmh.executor.class=dev.tenon.bench.micro.LoopThreads"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0 || Files.notExists(result)) {
                throw new IOException("JMH told no score: " + text.substring(Math.max(0, text.length() - 1000)));
            }
        } finally {
            process.destroyForcibly();
        }
        Map<String, Double> scores = scores(Files.readAllLines(result));
        scores.forEach((name, score) -> out.printf("  %-20s %10.1f%n", name, score));
        return scores;
    }

    static Map<String, Double> scores(List<String> csv) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (String line : csv.subList(1, csv.size())) {
            String[] field = line.split(",", -1);
            String name = field[0].replace("\"", "");
            String method = name.substring(name.lastIndexOf('.', name.contains(":") ? name.indexOf(':') : name.length()) + 1);
            if (!name.contains(":")) {
                scores.put(method, Double.valueOf(field[4]));
            } else if (name.endsWith(":cpuNanos")) {
                scores.computeIfPresent(method.substring(0, method.indexOf(':')), (each, rate) -> Double.parseDouble(field[4]) / rate);
            } else if (name.endsWith(BYTES)) {
                scores.put(method.substring(0, method.indexOf(':')) + ".bytes", Double.valueOf(field[4]));
            }
        }
        return scores;
    }
}

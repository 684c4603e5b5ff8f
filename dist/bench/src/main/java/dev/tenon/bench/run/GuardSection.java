package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.judge.Figures;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs JMH in a process of its own, on the proxy's core and on threads of the kind that event loops run on. */
final class GuardSection {
    private static final Pattern SCORE = Pattern.compile("GuardCost\\.(\\w+)\\s+avgt\\s+(?:\\d+\\s+)?([0-9.]+)");

    private GuardSection() {}

    static void run(Ground ground, boolean quick, Figures figures, PrintStream out) throws IOException, InterruptedException {
        out.println("guard");
        Path libraries = ground.root().resolve("dist/bench/target/micro");
        if (Files.notExists(libraries)) {
            out.println("  JMH is missing: build dist/bench with mvn package");
            return;
        }
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(ground.proxyCore()),
                ProcessHandle.current().info().command().orElse("java"), "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + libraries.resolve("*"), "org.openjdk.jmh.Main",
                "GuardCost", "-f", quick ? "1" : "3", "-wi", quick ? "3" : "5", "-w", "500ms", "-i", quick ? "3" : "5",
                "-r", "500ms", "-t", "1", "-jvmArgs",
                "-XX:+UseSerialGC -Djmh.executor=CUSTOM -Djmh.executor.class=dev.tenon.bench.micro.LoopThreads"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher score = SCORE.matcher(text);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0 || !score.find()) {
                throw new IOException("JMH told no score: " + text.substring(Math.max(0, text.length() - 1000)));
            }
            score.reset();
            while (score.find()) {
                figures.put("guard." + score.group(1) + "_ns", Double.parseDouble(score.group(2)));
                out.println("  " + score.group(1) + " " + score.group(2) + " ns");
            }
        } finally {
            process.destroyForcibly();
        }
        Double guarded = figures.number("guard.guarded_ns");
        Double direct = figures.number("guard.direct_ns");
        figures.put("guard.ns", guarded == null || direct == null ? null : guarded - direct);
    }
}

package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.judge.Figures;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How much counters of a million keys take, in a JVM of their own. */
final class KeysSection {
    private KeysSection() {}

    static void run(Ground ground, boolean quick, Figures figures, PrintStream out) throws IOException, InterruptedException {
        out.println("keys in memory, MB");
        Process process = new ProcessBuilder("taskset", "-c", Integer.toString(ground.proxyCore()),
                ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders",
                "-Xmx1g", "-cp",
                System.getProperty("java.class.path") + File.pathSeparator
                        + ground.root().resolve("dist/bench/target/micro").resolve("*"),
                "dev.tenon.bench.micro.Keys", quick ? "10" : "30").redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the keys were not counted: " + text.substring(Math.max(0, text.length() - 1000)));
            }
            for (String line : text.lines().filter(each -> each.startsWith("keys.")).toList()) {
                String[] word = line.split(" ", 2);
                figures.put(word[0], Double.valueOf(word[1]));
                out.println("  " + line);
            }
        } finally {
            process.destroyForcibly();
        }
    }
}

package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.judge.Figures;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How much counters of a million keys take, in a JVM of their own. */
final class KeysSection implements AutoCloseable {
    private final Process process;

    private KeysSection(Process process) {
        this.process = process;
    }

    /**
     * Begins to count, on one core.
     *
     * @param seconds how long a window is
     * @param madeUp how many keys somebody makes up after the million
     */
    static KeysSection begin(Ground ground, int core, int seconds, int madeUp) throws IOException {
        Process process = new ProcessBuilder("taskset", "-c", Integer.toString(core),
                ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders",
                "-Xmx1g", "-cp",
                System.getProperty("java.class.path") + File.pathSeparator
                        + ground.root().resolve("dist/bench/target/micro").resolve("*"),
                "dev.tenon.bench.micro.Keys", Integer.toString(seconds), Integer.toString(madeUp)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new KeysSection(process);
    }

    /** Waits for the end, and tells what was counted. */
    void tell(Figures figures, PrintStream out) throws IOException, InterruptedException {
        out.println("keys in memory, MB");
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("the keys were not counted: " + text.substring(Math.max(0, text.length() - 1000)));
        }
        for (String line : text.lines().filter(each -> each.startsWith("keys.")).toList()) {
            String[] word = line.split(" ", 2);
            figures.put(word[0], Double.valueOf(word[1]));
            out.println("  " + line);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

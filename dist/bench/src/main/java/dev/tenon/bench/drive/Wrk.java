package dev.tenon.bench.drive;

import dev.tenon.bench.observe.Load;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Load as fast as the other side answers, by wrk with one thread.
 *
 * @param binary where wrk lies
 * @param core the core it runs on
 * @param connections how many it keeps open
 */
public record Wrk(Path binary, int core, int connections) {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([0-9.]+)(ms|s|m)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKET = Pattern.compile("(?:connect|read|write|timeout) (\\d+)");

    /** Loads a loopback port for whole seconds. */
    public Load run(Target target, int seconds) throws IOException, InterruptedException {
        List<String> command = List.of(
                "taskset", "-c", Integer.toString(core), binary.toString(),
                "-t1", "-c" + connections, "-d" + seconds + "s", "--latency", "-H", "Host: " + target.host(),
                "http://127.0.0.1:" + target.port() + "/");
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (wrk.waitFor() != 0) {
                throw new IOException("wrk failed: " + output.strip());
            }
            return parse(output);
        } finally {
            wrk.destroy();
        }
    }

    static Load parse(String output) {
        Matcher requests = REQUESTS.matcher(output);
        if (!requests.find()) {
            throw new IllegalArgumentException("wrk told no count of requests: " + output.strip());
        }
        long all = Long.parseLong(requests.group(1));
        Matcher refused = REFUSED.matcher(output);
        long failures = refused.find() ? Long.parseLong(refused.group(1)) : 0;
        long broken = output.lines()
                .filter(line -> line.contains("Socket errors:"))
                .flatMap(line -> SOCKET.matcher(line).results())
                .mapToLong(count -> Long.parseLong(count.group(1)))
                .sum();
        double seconds = micros(requests.group(2), requests.group(3)) / 1e6;
        return new Load(all - failures, failures + broken, seconds, percentile(output, 50), percentile(output, 99));
    }

    private static double percentile(String output, int percent) {
        Matcher line = Pattern.compile(" " + percent + "% +([0-9.]+)(us|ms|s|m)").matcher(output);
        return line.find() ? micros(line.group(1), line.group(2)) : Double.NaN;
    }

    private static double micros(String amount, String unit) {
        double factor = switch (unit) {
            case "us" -> 1;
            case "ms" -> 1e3;
            case "s" -> 1e6;
            default -> 60e6;
        };
        return Double.parseDouble(amount) * factor;
    }
}

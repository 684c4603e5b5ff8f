package dev.tenon.bench.contend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Redis on the load's core that keeps nothing on disk. */
public record Redis(Launch launch, Process process, int port) implements AutoCloseable {
    private static final Pattern CALLS = Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)");

    /** Starts one; empty where there is none. */
    public static Optional<Redis> start(Ground ground, Launch launch) throws IOException, InterruptedException {
        Optional<Path> binary = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .map(each -> Path.of(each, "redis-server")).filter(Files::isExecutable).findFirst();
        if (binary.isEmpty()) {
            return Optional.empty();
        }
        int port = Ground.freePort();
        Process process = launch.start(ground.loadCore(), ground.directory().resolve("redis.log"), List.of(
                binary.get().toString(), "--bind", "127.0.0.1", "--port", Integer.toString(port), "--save", ""));
        Redis redis = new Redis(launch, process, port);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                redis.trips();
                return Optional.of(redis);
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    redis.close();
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** How often it was asked to run a script. */
    public long trips() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher calls = CALLS.matcher(text);
            long all = 0;
            while (calls.find()) {
                all += Long.parseLong(calls.group(1));
            }
            return all;
        }
    }

    @Override
    public void close() {
        launch.stop(process);
    }
}

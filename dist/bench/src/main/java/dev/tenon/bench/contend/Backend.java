package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The server behind every contestant: one nginx worker that answers 100 bytes without looking anywhere. */
public record Backend(Process process, int port, Launch launch) implements AutoCloseable {
    /** Starts it on the load's core, on a port of the caller's choice or 0 for any. */
    public static Backend start(Ground ground, Launch launch, int wanted) throws IOException, InterruptedException {
        Path nginx = ground.peer("nginx")
                .orElseThrow(() -> new IOException("nginx is not installed: run .ci/peers/install debian"));
        int port = wanted == 0 ? Ground.freePort() : wanted;
        Path config = new Template("nginx.conf")
                .write(ground.directory(), Map.of("port", port, "body", "0123456789".repeat(10)));
        Path output = ground.directory().resolve("nginx.log");
        Process process = launch.start(
                ground.loadCore(),
                output,
                List.of(nginx.toString(), "-p", ground.directory().toString(), "-c", config.toString()));
        try {
            launch.awaitAnswer(process, new Target(port, "bench.test"), output);
        } catch (IOException | RuntimeException e) {
            launch.stop(process);
            throw e;
        }
        return new Backend(process, port, launch);
    }

    @Override
    public void close() {
        launch.stop(process);
    }
}

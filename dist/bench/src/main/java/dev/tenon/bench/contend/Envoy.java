package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Envoy with one worker and static configuration. Its statistics are always on; the log is its default format to a file.
 *
 * @param limits where it asks for each request when it is to limit them
 */
public record Envoy(Ground ground, Launch launch, Optional<Path> binary, int backend, int limits) implements Contestant {
    /** One that limits nothing. */
    public Envoy(Ground ground, Launch launch, Optional<Path> binary, int backend) {
        this(ground, launch, binary, backend, 0);
    }

    @Override
    public String name() {
        return "envoy";
    }

    @Override
    public Optional<String> missing() {
        return binary.isPresent() ? Optional.empty() : Optional.of("run .ci/peers/install envoy");
    }

    @Override
    public Running start(Setting setting) throws IOException, InterruptedException {
        int port = Ground.freePort();
        Path directory = ground.directory().resolve("envoy-" + setting);
        Map<String, ?> values =
                Map.of("port", port, "backend", backend, "admin", Ground.freePort(), "directory", directory, "limits", limits);
        Path config = new Template("envoy-" + setting + ".yaml").write(directory, values);
        List<String> command = List.of(
                binary.orElseThrow().toString(), "-c", config.toString(),
                "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning");
        return launch.startProxy(
                ground.proxyCore(), directory.resolve("output.log"), command, new Target(port, "bench.test"));
    }
}

package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Debian's haproxy with one thread, connections to the backend kept and reused. */
public record Haproxy(Ground ground, Launch launch, Optional<Path> binary, int backend) implements Contestant {
    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public Optional<String> missing() {
        return binary.isPresent() ? Optional.empty() : Optional.of("run .ci/peers/install debian");
    }

    @Override
    public Running start(Setting setting) throws IOException, InterruptedException {
        int port = Ground.freePort();
        Path directory = ground.directory().resolve("haproxy-" + setting);
        Path config = new Template("haproxy-" + setting + ".cfg")
                .write(directory, Map.of("port", port, "backend", backend, "admin", Ground.freePort()));
        return launch.startProxy(
                ground.proxyCore(),
                directory.resolve("output.log"),
                List.of(binary.orElseThrow().toString(), "-db", "-f", config.toString()),
                new Target(port, "bench.test"));
    }
}

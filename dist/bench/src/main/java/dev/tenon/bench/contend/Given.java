package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Any proxy that an engineer names by a command, in which {port} and {backend} stand for the port to listen on and the
 * backend's. Runs warm before it is measured.
 */
public record Given(Ground ground, Launch launch, String command, int backend) implements Contestant {
    @Override
    public String name() {
        return "given";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Running start(Setting setting) throws IOException, InterruptedException {
        int port = Ground.freePort();
        String filled = command.replace("{port}", Integer.toString(port))
                .replace("{backend}", Integer.toString(backend))
                .replace("{setting}", setting.toString());
        Path directory = Files.createDirectories(ground.directory().resolve("given-" + setting));
        return launch.startProxy(
                ground.proxyCore(),
                directory.resolve("output.log"),
                List.of("bash", "-c", "exec " + filled),
                new Target(port, "bench.test"));
    }
}

package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The shipped sidecar, in front of the backend as its application, with routes from a control plane of its own that runs on
 * the load's core. Only the sidecar's process is measured.
 */
public record Tenon(Ground ground, Launch launch, int backend) implements Contestant {
    private static final List<String> MODULES = List.of("tenon-proxy.jar", "tenon-agent.jar", "tenon-pilot.jar");
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long POLL_NANOS = 10_000_000L;

    @Override
    public String name() {
        return "tenon";
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Optional<String> missing() {
        return Stream.concat(Stream.of(command()), MODULES.stream().map(jar -> home().resolve("modules").resolve(jar)))
                .filter(Files::notExists)
                .findFirst()
                .map(file -> "the distribution is not built, " + file + " is not there: run mvn package");
    }

    @Override
    public Running start(Setting setting) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(ground.directory().resolve("tenon-" + setting));
        int discovery = Ground.freePort();
        int port = Ground.freePort();
        Map<String, ?> values = Map.of(
                "directory", directory,
                "backend", backend,
                "discovery", discovery,
                "port", port,
                "admin", Ground.freePort(),
                "outbound", Ground.freePort());
        Process controlPlane = startControlPlane(directory, values, discovery);
        try {
            Path config = new Template("tenon-sidecar-" + setting + ".yaml").write(directory, values);
            Running sidecar = launch.startProxy(
                    ground.proxyCore(),
                    directory.resolve("sidecar.log"),
                    run("sidecar", config),
                    new Target(port, "bench"));
            return new Running(sidecar.pid(), sidecar.target(), sidecar.startup(), () -> {
                sidecar.close();
                launch.stop(controlPlane);
            });
        } catch (IOException | InterruptedException | RuntimeException e) {
            launch.stop(controlPlane);
            throw e;
        }
    }

    Process startControlPlane(Path directory, Map<String, ?> values, int discovery)
            throws IOException, InterruptedException {
        Path config = new Template("tenon-control-plane.yaml").write(directory, values);
        Path output = directory.resolve("control-plane.log");
        Process process = launch.start(ground.loadCore(), output, run("control-plane", config));
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!accepts(discovery)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                launch.stop(process);
                throw new IOException("the control plane does not listen: " + Launch.tail(output));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return process;
    }

    List<String> run(String profile, Path config) {
        return List.of(command().toString(), "run", "--profile", profile, "--config", config.toString());
    }

    Path home() {
        return ground.root().resolve("dist/target/tenon");
    }

    Path command() {
        return home().resolve("bin/tenon");
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}

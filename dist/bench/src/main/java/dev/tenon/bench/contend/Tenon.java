package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import dev.tenon.cli.client.AdminSocket;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shipped sidecar, in front of the backend as its application, with routes from a control plane of its own that runs on
 * the load's core. Only the sidecar's process is measured.
 */
public record Tenon(Ground ground, Launch launch, int backend) implements Contestant {
    private static final List<String> MODULES = List.of("tenon-proxy.jar", "tenon-agent.jar", "tenon-pilot.jar");
    private static final Pattern ADMIN = Pattern.compile("admin: \\{address: \"([^\"]+)\"");
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
        Path directory = Files.createDirectories(directory(setting));
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

    private Path directory(Setting setting) {
        return ground.directory().resolve("tenon-" + setting);
    }

    /** The sidecar's drop folder, before it runs and while it does. */
    public Path plugins(Setting setting) {
        return directory(setting).resolve("sidecar/plugins");
    }

    /** What the running sidecar tells at /stats/prometheus. */
    public String metrics(Setting setting) throws IOException, InterruptedException {
        String config = Files.readString(directory(setting).resolve("tenon-sidecar-" + setting + ".yaml"));
        Matcher admin = ADMIN.matcher(config);
        if (!admin.find()) {
            throw new IOException("the sidecar's configuration names no address for its pages");
        }
        URI page = URI.create("http://" + admin.group(1) + "/stats/prometheus");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** Applies a rule for each plug: requests whose header x-plug names it are judged by it, and refused when it cannot. */
    public void applyRules(Setting setting, List<Plug> plugs) throws IOException, InterruptedException {
        StringBuilder rules = new StringBuilder();
        for (Plug plug : plugs) {
            rules.append(new Template("plug-rule.yaml").text(Map.of("name", plug.word())));
        }
        apply(setting, rules.toString());
    }

    /** Applies objects, and returns when the sidecar follows. */
    public void apply(Setting setting, String rules) throws IOException, InterruptedException {
        Path file = Files.writeString(directory(setting).resolve("rules.yaml"), rules);
        Path output = directory(setting).resolve("apply.log");
        Process apply = launch.start(ground.loadCore(), output, List.of(command().toString(), "apply", "--target",
                directory(setting).resolve("control-plane").toString(), "-f", file.toString()));
        try {
            if (!apply.waitFor(30, TimeUnit.SECONDS) || apply.exitValue() != 0) {
                throw new IOException("the rules cannot be applied: " + Launch.tail(output));
            }
        } finally {
            launch.stop(apply);
        }
    }

    Process startControlPlane(Path directory, Map<String, ?> values, int discovery)
            throws IOException, InterruptedException {
        Path config = new Template("tenon-control-plane.yaml").write(directory, values);
        Path output = directory.resolve("control-plane.log");
        Process process = launch.start(ground.loadCore(), output, run("control-plane", config));
        Path socket = directory.resolve("control-plane/admin.sock");
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        await(process, deadline, output, () -> accepts(discovery) && Files.exists(socket));
        try (AdminSocket admin = new AdminSocket(socket)) {
            await(process, deadline, output, () -> ready(admin));
        }
        return process;
    }

    private void await(Process process, long deadline, Path output, BooleanSupplier condition) throws IOException {
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                launch.stop(process);
                throw new IOException("the control plane does not become ready: " + Launch.tail(output));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Whether all the modules of the control plane serve: what a sidecar waits for from then on is its own. */
    private static boolean ready(AdminSocket admin) {
        try {
            return admin.modules().list(ListModulesRequest.getDefaultInstance()).getReady();
        } catch (StatusRuntimeException e) {
            return false;
        }
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

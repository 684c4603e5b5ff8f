package dev.tenon.bench.contend;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.wire.admin.v1.CreateJoinTokenRequest;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.MeshMetricsRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shipped control plane alone on the proxies' core.
 *
 * @param discovery the port that proxies connect to
 * @param secure the port that other machines connect to
 */
public record ControlPlane(Launch launch, Process process, Path directory, int discovery, int secure, AdminSocket admin) implements AutoCloseable {
    private static final Pattern HEAP = Pattern.compile("def new generation.*?used (\\d+)K.*?tenured generation.*?used (\\d+)K", Pattern.DOTALL);

    /**
     * Starts it and waits until it can be asked.
     *
     * @param modules by name, between commas
     */
    public static ControlPlane start(Ground ground, Launch launch, String name, String modules, String consul)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectories(ground.directory().resolve(name));
        int discovery = Ground.freePort();
        int secure = Ground.freePort();
        Path config = new Template("tenon-registries.yaml")
                .write(directory, Map.of("directory", directory, "discovery", discovery, "secure", secure, "modules", modules, "consul", consul));
        if (!modules.contains("registry-consul")) {
            Files.writeString(config, Files.readString(config).replaceAll("(?m)^registry-consul:.*$", ""));
        }
        Path tenon = ground.root().resolve("dist/target/tenon/bin/tenon");
        Process process = launch.start(ground.proxyCore(), directory.resolve("control-plane.log"),
                List.of(tenon.toString(), "run", "--profile", "control-plane", "--config", config.toString()));
        Path socket = directory.resolve("control-plane/admin.sock");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(socket)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                launch.stop(process);
                throw new IOException("the control plane does not start: " + Launch.tail(directory.resolve("control-plane.log")));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return new ControlPlane(launch, process, directory, discovery, secure, new AdminSocket(socket));
    }

    public long pid() {
        return process.pid();
    }

    /** One of its figures by its whole name with labels; empty while it cannot be asked. */
    public Optional<Double> figure(String name) {
        try {
            return admin.mesh().metrics(MeshMetricsRequest.getDefaultInstance()).getText().lines()
                    .filter(line -> line.startsWith(name + " ")).map(line -> Double.valueOf(line.substring(name.length() + 1))).findFirst();
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    /** Waits until a figure is as it should be. */
    public void await(String name, DoublePredicate wanted, int seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (figure(name).filter(wanted::test).isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IOException(name + " is " + figure(name) + " after " + seconds + " s: " + Launch.tail(directory.resolve("control-plane.log")));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** A token for hosts of a group, good for so many; asked for when all modules serve. */
    public String token(String group, int uses) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!admin.modules().list(ListModulesRequest.getDefaultInstance()).getReady()) {
            if (System.nanoTime() > end) {
                throw new IOException("the control plane does not become ready: " + Launch.tail(directory.resolve("control-plane.log")));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return admin.hosts().createJoinToken(CreateJoinTokenRequest.newBuilder().setNamespace("default").setGroup(group)
                .setLifetimeSeconds(TimeUnit.HOURS.toSeconds(1)).setUses(uses).build()).getToken();
    }

    /** What is alive on its heap after a collection, in MB of 1,000,000 bytes; empty where the JDK cannot tell. */
    public Optional<Double> heapMegabytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = HEAP.matcher(jcmd("GC.heap_info").replace("DefNew", "def new generation").replace("Tenured", "tenured generation"));
        return used.find() ? Optional.of((Long.parseLong(used.group(1)) + Long.parseLong(used.group(2))) * 1024 / 1e6) : Optional.empty();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path tool = Path.of(ProcessHandle.current().info().command().orElse("java")).resolveSibling("jcmd");
        Process asked = new ProcessBuilder(tool.toString(), Long.toString(process.pid()), command).redirectErrorStream(true).start();
        String text = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        return text;
    }

    /** Connections that it has to a port, as the kernel lists them. */
    public static long connectionsTo(int port) throws IOException {
        String hex = ":%04X".formatted(port);
        long count = 0;
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            count += Files.readAllLines(Path.of(file)).stream().map(line -> line.strip().split(" +"))
                    .filter(fields -> fields.length > 3 && fields[2].endsWith(hex) && fields[3].equals("01")).count();
        }
        return count;
    }

    @Override
    public void close() {
        admin.close();
        launch.stop(process);
    }
}

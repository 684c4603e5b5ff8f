package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import dev.tenon.bench.observe.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A control plane and a sidecar whose modules are to be swapped: the sidecar on the proxies' core, with the raw TCP sample
 * among its modules; the control plane on the load's.
 */
public record SwapMesh(Host sidecar, Host controlPlane, Target http, int tcp, AutoCloseable life) implements AutoCloseable {
    /**
     * A process that holds modules.
     *
     * @param jars of the modules to be swapped, by what the kernel calls them; the drop folder knows them by the jars' names
     */
    public record Host(String name, long pid, Path plugins, Events events, Map<String, Path> jars) {}

    /** The module of raw TCP. */
    public static final String RELAY = "tcprelay";

    /**
     * Starts both, waits until the sidecar answers, and drops the relay into it.
     *
     * @param backend where HTTP goes
     * @param echo where raw TCP goes
     */
    public static SwapMesh start(Ground ground, Launch launch, int backend, int echo)
            throws IOException, InterruptedException {
        Tenon tenon = new Tenon(ground, launch, backend);
        if (tenon.missing().isPresent()) {
            throw new IOException(tenon.missing().get());
        }
        Path directory = ground.directory();
        int discovery = Ground.freePort();
        int port = Ground.freePort();
        int tcp = Ground.freePort();
        Map<String, ?> values = Map.of(
                "directory", directory, "backend", backend, "discovery", discovery, "port", port, "admin", Ground.freePort(),
                "outbound", Ground.freePort(), "tcp", tcp, "echo", echo);
        Process control = tenon.startControlPlane(directory, values, discovery);
        try {
            Path config = new Template("tenon-sidecar-SWAPPED.yaml").write(directory, values);
            Path log = directory.resolve("sidecar.log");
            Running sidecar = launch.startProxy(
                    ground.proxyCore(), log, tenon.run("sidecar", config), new Target(port, "bench"));
            Path jars = tenon.home().resolve("modules");
            Host own = host("sidecar", sidecar.pid(), directory, jars, "proxy", "mixer", "agent", "adapter-denier");
            // A plain jar is called what its file is called.
            Path sample = tenon.home().resolve("samples/tcprelay/tenon-sample-tcprelay.jar");
            own.jars().put(RELAY, Files.copy(sample, directory.resolve(RELAY + ".jar")));
            return new SwapMesh(
                    own,
                    host("control-plane", control.pid(), directory, jars, "galley", "pilot", "registry-vm", "mixer"),
                    sidecar.target(), tcp, () -> {
                        sidecar.close();
                        launch.stop(control);
                    });
        } catch (IOException | InterruptedException | RuntimeException e) {
            launch.stop(control);
            throw e;
        }
    }

    private static Host host(String name, long pid, Path directory, Path shipped, String... modules)
            throws IOException, InterruptedException {
        Events events = new Events(directory.resolve(name + ".log"));
        Map<String, Path> jars = new LinkedHashMap<>();
        for (String module : modules) {
            Path jar = shipped.resolve("tenon-" + module + ".jar");
            jars.put(events.await(0,
                    first -> first.word().equals("switched") && first.detail().endsWith(jar.toString()), 30).module(), jar);
        }
        Path plugins = Files.createDirectories(directory.resolve(name).resolve("plugins"));
        return new Host(name, pid, plugins, events, jars);
    }

    @Override
    public void close() {
        try {
            life.close();
        } catch (Exception e) {
            throw new IllegalStateException("the mesh could not be ended", e);
        }
    }
}

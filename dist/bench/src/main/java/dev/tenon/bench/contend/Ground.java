package dev.tenon.bench.contend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a benchmark takes place.
 *
 * @param root the tree of the project
 * @param directory for configuration and output of this run
 * @param proxyCore the core that proxies run on, one at a time
 * @param loadCore the core of load and backend
 */
public record Ground(Path root, Path directory, int proxyCore, int loadCore) {
    /** Where an installed peer lies. */
    public Optional<Path> peer(String name) throws IOException, InterruptedException {
        Process where = new ProcessBuilder(root.resolve(".ci/peers/where").toString(), name).start();
        String path = new String(where.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return where.waitFor() == 0 ? Optional.of(Path.of(path)) : Optional.empty();
    }

    /** A port of the loopback address that nobody uses now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

package dev.tenon.cli.train;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Mesh;
import dev.tenon.cli.process.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One control plane and one sidecar on free loopback ports, some rules, some hundred requests in and
 * out; each JVM records what it loaded and linked, and writes its cache when it is told to end.
 */
final class Trainer {
  private static final int REQUESTS = 400;
  private static final String HOST = "127.0.0.1";
  private final Path home;
  private final Path cache;
  private final Path scratch;

  Trainer(Path home) {
    this.home = home;
    this.cache = home.resolve("cache");
    this.scratch = cache.resolve("training");
  }

  void train() throws IOException {
    clean();
    Files.createDirectories(scratch);
    List<Integer> ports = freePorts(5);
    HttpServer application = application();
    // Writing its cache takes a JVM some seconds after it was told to end.
    try (Processes processes = new Processes(scratch, 120)) {
      start(processes, "control-plane", List.of("--set", "kernel.grpc.address=" + HOST + ":" + ports.get(0)));
      Path sidecar = Files.writeString(scratch.resolve("sidecar.yaml"), sidecar(ports, application.getAddress()));
      try (Mesh mesh = Mesh.connect(scratch.resolve("control-plane/admin.sock"), processes)) {
        start(processes, "sidecar", List.of("--config", sidecar.toString()));
        mesh.awaitConverged(1);
        mesh.apply(Files.writeString(scratch.resolve("rules.yaml"), RULES));
        client("status", "--socket", scratch.resolve("control-plane/admin.sock").toString());
        call(ports.get(1), "/inbound", Map.of());
        call(ports.get(3), "http://trained:" + ports.get(1) + "/outbound", Map.of("end-user", "jason"));
      }
    } finally {
      application.stop(0);
    }
    for (String kind : List.of("control-plane", "sidecar", "client")) {
      if (!Files.exists(cache.resolve(kind + ".aot"))) {
        throw new Refused("the JVM wrote no cache for " + kind + "; see " + scratch);
      }
    }
    clean();
  }

  private void start(Processes processes, String profile, List<String> more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                home.resolve("bin/tenon").toString(), "run", "--profile", profile,
                "--set", "run.directory=" + scratch.resolve(profile)));
    command.addAll(more);
    processes.start(profile, command, output(profile));
  }

  private Map<String, String> output(String kind) {
    return Map.of("TENON_AOT_OUTPUT", cache.resolve(kind + ".aot").toString());
  }

  /** Runs one short command to its end. */
  private void client(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/tenon").toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(scratch.resolve("client.log").toFile());
    builder.environment().putAll(output("client"));
    try {
      builder.start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted");
    }
  }

  private static void call(int port, String target, Map<String, String> headers) throws IOException {
    try (Caller caller = new Caller(HOST, port)) {
      for (int i = 0; i < REQUESTS; i++) {
        caller.get(target, headers);
      }
    }
  }

  private static HttpServer application() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(HOST, 0), 16);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "trained".getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String sidecar(List<Integer> ports, InetSocketAddress application) {
    return """
    kernel: {loops: 1}
    mesh: {controlPlane: "127.0.0.1:%d"}
    workload:
      name: trained-v1
      namespace: default
      address: 127.0.0.1
      labels: {app: trained, version: v1}
      ports:
      - {service: trained, port: %d, protocol: HTTP, listen: %d, application: "127.0.0.1:%d"}
    proxy:
      admin: {address: "127.0.0.1:%d"}
      httpProxyPort: %d
    """
        .formatted(ports.get(0), ports.get(1), ports.get(1), application.getPort(), ports.get(2), ports.get(3));
  }

  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: trained}
      spec: {host: trained, subsets: [{name: v1, labels: {version: v1}}]}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: trained}
      spec:
        hosts: [trained]
        http:
        - match: [{headers: {end-user: {exact: jason}}}]
          route: [{destination: {host: trained, subset: v1}}]
        - route: [{destination: {host: trained}}]
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: handler
      metadata: {name: never}
      spec: {compiledAdapter: denier, params: {}}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: instance
      metadata: {name: nothing}
      spec: {compiledTemplate: checknothing}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: rule
      metadata: {name: never}
      spec: {match: 'request.headers["x-never"] == "yes"', actions: [{handler: never, instances: [nothing]}]}
      """;

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getByName(HOST)));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private void clean() throws IOException {
    if (!Files.exists(scratch)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> entries = Files.walk(scratch)) {
      all = entries.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path entry : all) {
      Files.delete(entry);
    }
  }
}

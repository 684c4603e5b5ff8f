package dev.tenon.pilot.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real Envoy that takes everything from an ADS server. */
public final class Envoy implements AutoCloseable {
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 100 * 100));
  private final Process process;
  private final int adminPort;
  private final Path log;
  private final HttpClient client = HttpClient.newHttpClient();

  private Envoy(Process process, int adminPort, Path log) {
    this.process = process;
    this.adminPort = adminPort;
    this.log = log;
  }

  /** The binary, where {@code TENON_ENVOY} or {@code .ci/peers/install envoy} has it. */
  public static Optional<Path> binary() {
    String named = System.getenv("TENON_ENVOY");
    Path path =
        named != null
            ? Path.of(named)
            : Path.of(System.getProperty("user.home"), ".cache/tenon-peers/envoy-1.40.0/envoy");
    return Files.isExecutable(path) ? Optional.of(path) : Optional.empty();
  }

  /**
   * Starts one.
   *
   * @param nodeId in Istio's form
   * @param metadata its node's metadata, as JSON
   * @param apiType GRPC or DELTA_GRPC
   */
  public static Envoy start(Path directory, String nodeId, String metadata, int adsPort, String apiType)
      throws IOException {
    int adminPort = freePort();
    Path bootstrap = directory.resolve("envoy.yaml");
    Files.writeString(
        bootstrap,
        """
        node: {id: "%s", cluster: test, metadata: %s}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        dynamic_resources:
          ads_config:
            api_type: %s
            transport_api_version: V3
            grpc_services: [{envoy_grpc: {cluster_name: pilot}}]
          cds_config: {ads: {}, resource_api_version: V3}
          lds_config: {ads: {}, resource_api_version: V3}
        static_resources:
          clusters:
          - name: pilot
            type: STATIC
            connect_timeout: 1s
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment:
              cluster_name: pilot
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
        """
            .formatted(nodeId, metadata, adminPort, apiType, adsPort));
    Path log = directory.resolve("envoy.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    binary().orElseThrow().toString(),
                    "-c",
                    bootstrap.toString(),
                    "--concurrency",
                    "1",
                    "--disable-hot-restart",
                    "-l",
                    "warning"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new Envoy(process, adminPort, log);
  }

  /** One that is free, and that this machine gives to nobody who connects; another one each time. */
  public static int freePort() throws IOException {
    for (int port = NEXT_PORT.getAndIncrement(); port < 32_000; port = NEXT_PORT.getAndIncrement()) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // The next one.
      }
    }
    throw new IOException("no port is free");
  }

  /** What a path of its admin interface says; empty while it does not answer. */
  public String admin(String path) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return response.body();
    } catch (IOException e) {
      return "";
    }
  }

  /** Counters of updates that it refused, those that are not zero. */
  public List<String> refused() throws InterruptedException {
    return admin("/stats?filter=update_rejected").lines().filter(line -> !line.endsWith(": 0")).toList();
  }

  public String log() throws IOException {
    return new String(Files.readAllBytes(log), UTF_8);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}

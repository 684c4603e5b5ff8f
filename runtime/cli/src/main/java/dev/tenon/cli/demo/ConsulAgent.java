package dev.tenon.cli.demo;

import dev.tenon.cli.client.Refused;
import dev.tenon.cli.demo.Bookinfo.Member;
import dev.tenon.cli.process.Processes;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real Consul agent in development mode, which keeps nothing on the disk, and what an operator tells it. */
final class ConsulAgent {
  static final String PROCESS = "consul";
  private static final int PORT = 8500;
  private final Path binary;
  private final Processes processes;
  private final Ground ground;

  private ConsulAgent(Path binary, Processes processes, Ground ground) {
    this.binary = binary;
    this.processes = processes;
    this.ground = ground;
  }

  /** The one of this machine. */
  static ConsulAgent found(Processes processes, Ground ground) {
    return new ConsulAgent(
        find().orElseThrow(() -> new Refused("--with consul needs Consul, and there is none on the PATH. Install it from"
            + " https://developer.hashicorp.com/consul/install, or in Tenon's source tree with .ci/peers/install consul;"
            + " TENON_CONSUL names one that lies elsewhere")),
        processes,
        ground);
  }

  private static Optional<Path> find() {
    String named = System.getenv("TENON_CONSUL");
    if (named != null) {
      if (!Files.isExecutable(Path.of(named))) {
        throw new Refused("TENON_CONSUL names " + named + ", which cannot be run");
      }
      return Optional.of(Path.of(named));
    }
    Stream<Path> path =
        Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator)).map(each -> Path.of(each, "consul"));
    return Stream.concat(path, installed()).filter(each -> Files.isRegularFile(each) && Files.isExecutable(each)).findFirst();
  }

  /** What .ci/peers/install made. */
  private static Stream<Path> installed() {
    Path peers =
        Optional.ofNullable(System.getenv("TENON_PEERS"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".cache", "tenon-peers"));
    try (Stream<Path> all = Files.list(peers)) {
      return all.filter(each -> String.valueOf(each.getFileName()).startsWith("consul-")).map(each -> each.resolve("consul")).toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /** Where it answers. */
  String url() {
    return "http://" + ground.consul() + ":" + PORT;
  }

  void start() {
    String address = ground.consul();
    processes.start(
        PROCESS,
        ground.on(
            Ground.CONTROL_PLANE,
            List.of(
                binary.toString(), "agent", "-dev", "-node=demo", "-bind=" + address, "-client=" + address, "-http-port=" + PORT, "-grpc-port=-1",
                "-grpc-tls-port=-1", "-dns-port=-1", "-log-level=warn", "-hcl", "disable_update_check = true")),
        Map.of());
  }

  /** Whether it leads itself, and takes registrations. */
  boolean ready() {
    try {
      return ask("GET", "/v1/health/service/consul?passing", "").contains("\"demo\"");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** An instance whose health Consul asks for itself. */
  void register(Member member) {
    String application = ground.address(member.host());
    try {
      ask(
          "PUT",
          "/v1/agent/service/register",
          """
          {"ID": "%1$s", "Name": "%2$s", "Address": "%3$s", "Port": %4$d, "Tags": ["version|%5$s"],
           "Meta": {"protocol": "http", "service-port": "%6$d"},
           "Check": {"HTTP": "http://%3$s:%4$d/health", "Interval": "1s", "Timeout": "1s"}}
          """
              .formatted(member.name(), member.service(), application, Bookinfo.APPLICATION_PORT, member.version(), Bookinfo.SERVICE_PORT));
    } catch (IOException e) {
      throw new Refused("Consul did not take " + member.name() + ": " + e.getMessage());
    }
  }

  /** SIGKILL. */
  void kill() {
    processes.kill(PROCESS);
  }

  private String ask(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(5)).method(method, HttpRequest.BodyPublishers.ofString(body)).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(path + " was answered " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

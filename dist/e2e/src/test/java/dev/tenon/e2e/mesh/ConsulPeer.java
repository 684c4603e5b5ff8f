package dev.tenon.e2e.mesh;

import static org.awaitility.Awaitility.await;

import dev.tenon.cli.process.Hosts;
import dev.tenon.cli.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Real Consul servers on addresses of their own, which keep what they know when they are killed. */
public final class ConsulPeer implements AutoCloseable {
  public static final String MANAGER = "e95b599e-166e-7d80-08ad-aee76e7ddf19";
  private static final int PORT = 8500;
  private static final int TLS_PORT = 8501;

  private final Path binary;
  private final int servers;
  private final List<String> settings = new ArrayList<>();
  private final Path folder;
  private final AutoCloseable claim;
  private final IntFunction<String> addresses;
  private final UnaryOperator<List<String>> place;
  private final Processes processes;
  private final HttpClient http = HttpClient.newHttpClient();

  private ConsulPeer(Path binary, int servers) throws IOException {
    this(binary, servers, Subnet.claim());
  }

  private ConsulPeer(Path binary, int servers, Subnet subnet) throws IOException {
    this(binary, servers, subnet, subnet::address, command -> command);
  }

  private ConsulPeer(Path binary, int servers, AutoCloseable claim, IntFunction<String> addresses, UnaryOperator<List<String>> place)
      throws IOException {
    this.binary = binary;
    this.servers = servers;
    this.claim = claim;
    this.addresses = addresses;
    this.place = place;
    this.folder = Files.createTempDirectory(Path.of("/tmp"), "tenon-consul-");
    this.processes = new Processes(folder, 20);
    Runtime.getRuntime().addShutdownHook(new Thread(processes::close, "end-consul"));
  }

  /** Starts one and waits until it has a leader. */
  public static ConsulPeer start(Path binary) throws IOException {
    return start(binary, 1);
  }

  /** Starts one on a host, which has to be reachable from here. */
  public static ConsulPeer on(Hosts hosts, int host, Path binary) throws IOException {
    return new ConsulPeer(binary, 1, () -> {}, _ -> hosts.address(host, false), command -> hosts.on(host, command.toArray(String[]::new))).started();
  }

  /** Starts some that are one cluster, and waits until it has a leader. */
  public static ConsulPeer start(Path binary, int servers) throws IOException {
    return new ConsulPeer(binary, servers).started();
  }

  /** Starts one that shows nothing to whoever has no token; {@link #MANAGER} may do everything. */
  public static ConsulPeer withAcls(Path binary) throws IOException {
    ConsulPeer peer = new ConsulPeer(binary, 1);
    peer.settings.add("acl { enabled = true default_policy = \"deny\" tokens { initial_management = \"" + MANAGER + "\" agent = \""
        + MANAGER + "\" } }");
    return peer.started();
  }

  /** Starts one that talks over TLS only to those who show a certificate of its authority. */
  public static ConsulPeer withTls(Path binary) throws IOException {
    ConsulPeer peer = new ConsulPeer(binary, 1);
    peer.make("tls", "ca", "create");
    peer.make("tls", "cert", "create", "-server", "-additional-ipaddress=" + peer.addresses.apply(1));
    peer.make("tls", "cert", "create", "-client");
    peer.settings.add("ports { https = " + TLS_PORT + " }");
    peer.settings.add(("tls { https { ca_file = \"%1$s/consul-agent-ca.pem\" cert_file = \"%1$s/dc1-server-consul-0.pem\""
        + " key_file = \"%1$s/dc1-server-consul-0-key.pem\" verify_incoming = true } }").formatted(peer.folder));
    return peer.started();
  }

  private void make(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(List.of(words));
    try {
      Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
          .redirectOutput(folder.resolve("make.log").toFile()).start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + Files.readString(folder.resolve("make.log")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private ConsulPeer started() {
    for (int server = 1; server <= servers; server++) {
      run(server);
    }
    awaitLeader();
    return this;
  }

  private void run(int server) {
    String host = addresses.apply(server);
    List<String> command = new ArrayList<>(List.of(
        binary.toString(), "agent", "-server", "-bootstrap-expect=" + servers, "-node=n" + server, "-client=" + host, "-bind=" + host,
        "-retry-join=" + addresses.apply(1), "-data-dir=" + folder.resolve("data-" + server), "-http-port=" + PORT, "-grpc-port=-1",
        "-grpc-tls-port=-1", "-dns-port=-1", "-log-level=warn", "-hcl", "disable_update_check = true", "-hcl",
        "performance { raft_multiplier = 1 }", "-hcl", "leave_on_terminate = false"));
    settings.forEach(each -> command.addAll(List.of("-hcl", each)));
    processes.start(name(server), place.apply(command), Map.of());
  }

  private static String name(int server) {
    return "consul-" + server;
  }

  /** Waits until somebody leads, and every server has registered itself. */
  public void awaitLeader() {
    await("Consul's leader").atMost(Duration.ofSeconds(100)).ignoreExceptions()
        .until(() -> ask("GET", "/v1/health/service/consul?passing", "").split("\"Node\":\"n", -1).length > 1);
  }

  /** Where the last of them answers. */
  public String address() {
    return "http://" + addresses.apply(servers) + ":" + PORT;
  }

  /** Where it answers over TLS. */
  public String tlsAddress() {
    return "https://" + addresses.apply(1) + ":" + TLS_PORT;
  }

  /** A file that it made, such as a certificate. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** The number of the one that leads. */
  public int leader() {
    String said = ask("GET", "/v1/status/leader", "");
    for (int server = 1; server <= servers; server++) {
      if (said.contains("\"" + addresses.apply(server) + ":")) {
        return server;
      }
    }
    throw new IllegalStateException("no leader: " + said);
  }

  /** SIGKILL for the last. */
  public void kill() {
    kill(servers);
  }

  /** SIGKILL for one. */
  public void kill(int server) {
    processes.kill(name(server));
  }

  /** It stands still: it takes connections and answers nothing (SIGSTOP), or goes on (SIGCONT). */
  public void hang(boolean still) {
    try {
      new ProcessBuilder("kill", still ? "-STOP" : "-CONT", String.valueOf(processes.pid(name(servers)))).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts the last again with what it knew. */
  public void restart() {
    run(servers);
    awaitLeader();
  }

  /** Registers an instance with a check that its owner reports, which passes. */
  public void register(String id, String service, String address, int port, String tag, Map<String, String> meta) {
    String pairs = String.join(",", meta.entrySet().stream().map(each -> "\"" + each.getKey() + "\":\"" + each.getValue() + "\"").toList());
    ask("PUT", "/v1/agent/service/register", """
        {"ID": "%s", "Name": "%s", "Address": "%s", "Port": %d, "Tags": ["%s"], "Meta": {%s},
         "Check": {"CheckID": "%s", "TTL": "1h", "Status": "passing"}}"""
        .formatted(id, service, address, port, tag, pairs, check(id)));
    // What was reported outlives a restart of the agent; what was registered as passing does not.
    report(id, "pass");
  }

  /** What an instance's owner reports: {@code pass}, {@code warn} or {@code fail}. */
  public void report(String id, String status) {
    ask("PUT", "/v1/agent/check/" + status + "/" + check(id), "");
  }

  /** Takes an instance out. */
  public void deregister(String id) {
    ask("PUT", "/v1/agent/service/deregister/" + id, "");
  }

  private static String check(String id) {
    return "check-" + id;
  }

  /** Asks for anything, as the manager. */
  public String ask(String method, String path, String body) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(40)).header("X-Consul-Token", MANAGER)
          .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (http) {
      processes.close();
      claim.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}

package dev.tenon.bench.contend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Consul agent in development mode on the load's core, with its state in memory. */
public final class Consul implements AutoCloseable {
    /** Consul's limit of operations in one transaction. */
    private static final int MOST_OPERATIONS = 64;

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Launch launch;
    private final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    private Consul(Launch launch, Process process, int port) {
        this.launch = launch;
        this.process = process;
        this.port = port;
    }

    /** Starts it, and waits until it leads itself. */
    public static Consul start(Ground ground, Launch launch, Path binary) throws IOException, InterruptedException {
        int port = Ground.freePort();
        Process process = launch.start(ground.loadCore(), ground.directory().resolve("consul.log"), List.of(
                binary.toString(), "agent", "-dev", "-node=n1", "-client=127.0.0.1", "-bind=127.0.0.1", "-log-level=warn",
                "-http-port=" + port, "-grpc-port=-1", "-grpc-tls-port=-1", "-dns-port=-1",
                "-serf-lan-port=" + Ground.freePort(), "-serf-wan-port=-1", "-server-port=" + Ground.freePort(),
                "-hcl", "disable_update_check = true", "-hcl", "limits { http_max_conns_per_client = 1000 }"));
        Consul consul = new Consul(launch, process, port);
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!consul.leads()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                consul.close();
                throw new IOException("Consul does not start: " + Launch.tail(ground.directory().resolve("consul.log")));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return consul;
    }

    private boolean leads() throws InterruptedException {
        try {
            return ask("GET", "/v1/status/leader", "").body().contains(":") && ask("GET", "/v1/catalog/service/consul", "").body().contains("n1");
        } catch (IOException e) {
            return false;
        }
    }

    public String address() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Sends a request and waits for the answer, which has to be 200. */
    public HttpResponse<String> ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path)).timeout(LONGEST)
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    /** Carries out operations of {@code /v1/txn}, as many at once as Consul takes. */
    public void transact(List<String> operations) throws IOException, InterruptedException {
        for (int from = 0; from < operations.size(); from += MOST_OPERATIONS) {
            List<String> some = operations.subList(from, Math.min(operations.size(), from + MOST_OPERATIONS));
            ask("PUT", "/v1/txn", "[" + String.join(",", some) + "]");
        }
    }

    /** A node, as an operation. */
    public static String node(String name, String address) {
        return "{\"Node\":{\"Verb\":\"set\",\"Node\":{\"Node\":\"" + name + "\",\"Address\":\"" + address + "\"}}}";
    }

    /** An instance of a service on a node, as an operation. */
    public static String instance(String node, String id, String service, String address) {
        return "{\"Service\":{\"Verb\":\"set\",\"Node\":\"" + node + "\",\"Service\":{\"ID\":\"" + id + "\",\"Service\":\"" + service
                + "\",\"Address\":\"" + address + "\",\"Port\":80,\"Tags\":[\"version|v1\"]}}}";
    }

    /** A check of an instance, as an operation. */
    public static String check(String node, String id, String status) {
        return "{\"Check\":{\"Verb\":\"set\",\"Check\":{\"Node\":\"" + node + "\",\"CheckID\":\"check-" + id + "\",\"Name\":\"up\",\"Status\":\""
                + status + "\",\"ServiceID\":\"" + id + "\"}}}";
    }

    @Override
    public void close() {
        launch.stop(process);
        http.close();
    }
}

package dev.tenon.samples.bookinfo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP proxy that routes by the Host header and can break what it routes. */
final class HostProxy implements AutoCloseable {
    private static final Set<String> OWN = Set.of("Host", "Connection", "Content-length", "Upgrade", "Http2-settings");

    /** One request that came through: the host asked for, its path, its headers in lower case. */
    record Seen(String host, URI target, Map<String, String> headers, int clientPort) {}

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Map<String, InetSocketAddress> routes = new ConcurrentHashMap<>();
    private final Map<String, Integer> aborted = new ConcurrentHashMap<>();
    private final Map<String, Integer> hanging = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server;

    HostProxy() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void route(String host, InetSocketAddress to) {
        routes.put(host, to);
    }

    /** Every request for the host gets this status. */
    void abort(String host, int status) {
        aborted.put(host, status);
    }

    /** So many requests for the host get no answer. */
    void hang(String host, int times) {
        hanging.put(host, times);
    }

    List<Seen> seen(String host) {
        return seen.stream().filter(request -> request.host().equals(host)).toList();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host");
            Map<String, String> headers = new ConcurrentHashMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!OWN.contains(name)) {
                    headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst());
                }
            });
            seen.add(new Seen(host, exchange.getRequestURI(), headers, exchange.getRemoteAddress().getPort()));
            if (hanging.merge(host, -1, Integer::sum) >= 0) {
                closed.await();
            }
            reply(exchange, host, headers);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reply(HttpExchange exchange, String host, Map<String, String> headers)
            throws IOException, InterruptedException {
        Integer status = aborted.get(host);
        InetSocketAddress to = routes.get(host);
        if (status != null || to == null) {
            exchange.sendResponseHeaders(status != null ? status : 503, -1);
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://" + Arguments.shown(to) + exchange.getRequestURI().getRawPath()));
        headers.forEach(request::header);
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        exchange.sendResponseHeaders(response.statusCode(), response.body().length);
        exchange.getResponseBody().write(response.body());
        exchange.getResponseBody().close();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }
}

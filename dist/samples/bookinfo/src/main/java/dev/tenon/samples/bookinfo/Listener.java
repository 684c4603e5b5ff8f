package dev.tenon.samples.bookinfo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The JDK's HTTP server with a virtual thread per request.
 *
 * <p>Bounds: a body of at most {@link #MOST_BODY} bytes (413 above), heads as the JDK bounds them, 1024 idle
 * connections. Idle connections are kept for five minutes, longer than proxies usually keep theirs, so that a pooled
 * connection is not closed under a proxy.
 */
final class Listener implements AutoCloseable {
    /** The largest request body that is read, in bytes. */
    static final int MOST_BODY = 16 * 1024;

    private static final System.Logger LOG = System.getLogger(Listener.class.getName());
    private static final int BACKLOG = 1024;

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads;

    private Listener(String name, HttpServer server, ExecutorService threads) {
        this.name = name;
        this.server = server;
        this.threads = threads;
    }

    /** Listens at once; fails with the operating system's reason when the port is taken. */
    static Listener open(String name, InetSocketAddress bind, Service service) throws IOException {
        tune();
        HttpServer server = HttpServer.create(bind, BACKLOG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(exchange, service));
        server.start();
        return new Listener(name, server, threads);
    }

    /** The JDK reads these once, before its first server. Without nodelay each answer can wait 40 ms for an ACK. */
    private static void tune() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1024");
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /** Accepts no more, lets requests under way finish for so many seconds, then closes every connection. */
    void stop(int seconds) {
        server.stop(seconds);
        threads.shutdownNow();
    }

    @Override
    public void close() {
        stop(0);
    }

    private static void serve(HttpExchange exchange, Service service) {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
            Answer answer = body.length > MOST_BODY
                    ? Answer.error(413, "A body of at most " + MOST_BODY + " bytes is read here")
                            .with("Connection", "close")
                    : answer(exchange, body, service);
            send(exchange, answer);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the other side went away", e);
        }
    }

    private static Answer answer(HttpExchange exchange, byte[] body, Service service) {
        String path = exchange.getRequestURI().getPath();
        Request request = new Request(
                exchange.getRequestMethod(),
                path == null ? "/" : path,
                exchange.getRequestHeaders(),
                new String(body, StandardCharsets.UTF_8));
        try {
            return service.answer(request);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, () -> request.method() + " " + request.path() + " failed", e);
            return Answer.error(500, "The service failed; its log says why");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean bare = exchange.getRequestMethod().equals("HEAD");
        if (bare) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(answer.status(), bare || body.length == 0 ? -1 : body.length);
        if (!bare && body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}

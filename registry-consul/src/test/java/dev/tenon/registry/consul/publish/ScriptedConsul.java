package dev.tenon.registry.consul.publish;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Says what a real Consul never would: errors, nonsense, too much, nothing at all, an index that goes backwards. */
final class ScriptedConsul implements AutoCloseable {
  /** What is said to a path. */
  record Said(int status, long index, String body) {}

  /** Is said piece by piece, without a length. */
  static final String FIFTY_MEGABYTES = "fifty megabytes";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Said> said = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> tokens = new CopyOnWriteArrayList<>();
  private boolean closed;

  ScriptedConsul() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on this is the answer to a path; whoever waits for news of it is answered. */
  synchronized void say(String path, int status, long index, String body) {
    said.put(path, new Said(status, index, body));
    notifyAll();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      String query = String.valueOf(exchange.getRequestURI().getRawQuery());
      asked.add(path + "?" + query);
      tokens.addAll(exchange.getRequestHeaders().getOrDefault("X-Consul-Token", List.of()));
      Said answer = await(path, query);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("X-Consul-Index", String.valueOf(answer.index()));
      exchange.getResponseHeaders().set("X-Consul-KnownLeader", "true");
      if (answer.body().equals(FIFTY_MEGABYTES)) {
        exchange.sendResponseHeaders(answer.status(), 0);
        byte[] piece = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 50; i++) {
          exchange.getResponseBody().write(piece);
        }
        return;
      }
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** As a blocking query: while the index is the one that is known, for at most what was asked for. */
  private synchronized Said await(String path, String query) {
    long known = parameter(query, "index");
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(parameter(query, "wait"));
    try {
      Said now = said.getOrDefault(path, new Said(404, 0, "no such thing"));
      while (!closed && now.index() == known && known > 0 && System.nanoTime() < end) {
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        now = said.getOrDefault(path, now);
      }
      return now;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Said(500, 0, "");
    }
  }

  private static long parameter(String query, String name) {
    for (String each : query.split("&", -1)) {
      if (each.startsWith(name + "=")) {
        return Long.parseLong(each.substring(name.length() + 1).replace("ms", ""));
      }
    }
    return 0;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}

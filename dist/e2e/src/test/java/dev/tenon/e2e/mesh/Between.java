package dev.tenon.e2e.mesh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between a registry and a real Consul, and passes on what it is told to, or says something else. */
public final class Between implements AutoCloseable {
  private static final int PIECE = 1 << 20;

  /** What is said. */
  public enum Says {
    /** What Consul says. */
    THE_TRUTH,
    /** 500 to everything. */
    ERRORS,
    /** Half of what Consul says. */
    HALVES,
    /** Fifty megabytes. */
    FIFTY_MEGABYTES,
    /** What Consul says, by an index that was before. */
    AN_OLD_INDEX
  }

  private final HttpServer server;
  private final String address;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile Says says = Says.THE_TRUTH;

  /** Before a Consul at this address. */
  public Between(String address) throws IOException {
    this.address = address;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public void say(Says next) {
    says = next;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = URI.create(address + exchange.getRequestURI());
      HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofByteArray());
      // Blocking queries that began before are answered by what is said now.
      Says now = says;
      answer.headers().map().forEach((name, values) -> {
        if (name.startsWith("x-consul")) {
          exchange.getResponseHeaders().put(name, values);
        }
      });
      byte[] body = answer.body();
      switch (now) {
        case THE_TRUTH -> send(exchange, answer.statusCode(), body, body.length);
        case ERRORS -> send(exchange, 500, "rpc error making call".getBytes(StandardCharsets.UTF_8), 21);
        case HALVES -> send(exchange, 200, body, body.length / 2);
        case AN_OLD_INDEX -> {
          exchange.getResponseHeaders().set("X-Consul-Index", "1");
          send(exchange, answer.statusCode(), body, body.length);
        }
        case FIFTY_MEGABYTES -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] piece = " ".repeat(PIECE).getBytes(StandardCharsets.UTF_8);
          for (int i = 0; i < 50; i++) {
            exchange.getResponseBody().write(piece);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body, int length) throws IOException {
    exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
    exchange.getResponseBody().write(body, 0, length);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }
}

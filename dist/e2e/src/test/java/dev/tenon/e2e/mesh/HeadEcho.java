package dev.tenon.e2e.mesh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/** An application in the test's own process that answers with the head that it was sent: a line for each header, {@code name: value,value}. */
public final class HeadEcho implements AutoCloseable {
  private final HttpServer server;

  /** Starts it in the place of a workload's application. */
  public HeadEcho(TestMesh mesh, Member member) throws IOException {
    server = HttpServer.create(new InetSocketAddress(mesh.address(member), Member.APPLICATION_PORT), 100);
    server.createContext("/", HeadEcho::answer);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String head =
        exchange.getRequestHeaders().entrySet().stream()
            .map(each -> each.getKey().toLowerCase(Locale.ROOT) + ": " + String.join(",", each.getValue()))
            .collect(Collectors.joining("\n"));
    try (exchange) {
      byte[] body = head.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package dev.tenon.e2e.mesh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tenon.cli.process.Caller.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * An application in the test's own process: it answers a request with what it is answered by another service that it
 * calls through its sidecar. {@code /health} says how it is, {@code /slow} answers when it is told to.
 */
public final class StoppableApplication implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String name;
  private final Supplier<Answer> callsOut;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger refusedChecks = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch slowBegan = new CountDownLatch(1);
  private volatile CountDownLatch slowEnds = new CountDownLatch(1);
  private volatile boolean well = true;

  /**
   * Starts it.
   *
   * @param name what it answers with
   * @param callsOut its own call to another service
   */
  public StoppableApplication(String name, String address, Supplier<Answer> callsOut) throws IOException {
    this.name = name;
    this.callsOut = callsOut;
    server = HttpServer.create(new InetSocketAddress(address, Member.APPLICATION_PORT), 1_000);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.createContext("/health", this::health);
    server.createContext("/slow", this::slow);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    reply(exchange, callOut(), name);
  }

  private void health(HttpExchange exchange) throws IOException {
    if (!well) {
      refusedChecks.incrementAndGet();
    }
    reply(exchange, well ? 200 : 503, well ? "well" : "ill");
  }

  private void slow(HttpExchange exchange) throws IOException {
    slowBegan.countDown();
    try {
      slowEnds.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reply(exchange, callOut(), name);
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Calls the other service; the status of its answer. What fails is kept. */
  public int callOut() {
    Answer answer = callsOut.get();
    if (answer.status() != 200) {
      failures.add(name + " called out and was answered " + answer.status() + ": " + answer.body());
    }
    return answer.status() == 200 ? 200 : 500;
  }

  /** Says how it is from now on. */
  public void well(boolean how) {
    refusedChecks.set(0);
    well = how;
  }

  /** How many checks were told that it is not well, since it was said last. */
  public int refusedChecks() {
    return refusedChecks.get();
  }

  /** How many requests it was sent, checks aside. */
  public int served() {
    return served.get();
  }

  /** What its own calls failed of. */
  public List<String> failures() {
    return failures;
  }

  /** Waits until a request for {@code /slow} is under way. */
  public void untilSlow() throws InterruptedException {
    if (!slowBegan.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no request for /slow came to " + name);
    }
  }

  /** Lets requests for {@code /slow} end, and the next ones wait again. */
  public void endSlow() {
    slowEnds.countDown();
    slowBegan = new CountDownLatch(1);
    slowEnds = new CountDownLatch(1);
  }

  /** A service that calls nobody. */
  public static Supplier<Answer> nobody() {
    return () -> new Answer(200, Map.of(), "");
  }

  @Override
  public void close() {
    slowEnds.countDown();
    server.stop(0);
    threads.close();
  }
}

package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One generation after the other on the same sockets: callers notice nothing. */
@SuppressWarnings("NullAway.Init") // each test says what is given
class SwapTest {
  private RawServer server;
  private RunningProxy proxy;

  private void given(RawServer.Answer answer) throws IOException {
    server = new RawServer(answer);
    proxy =
        new RunningProxy()
            .cluster("server", server)
            .route(Route.of(RouteMatch.ALL, RouteAction.Forward.to("server")))
            .start();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void idleConnectionsMoveOnBothSides() throws Exception {
    given((request, number) -> RawServer.ok("x"));
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").header("x-tenon-build")).isNull();
      proxy.replace("b2").get(40, TimeUnit.SECONDS);
      assertThat(proxy.ports.warmConnections()).isEqualTo(1);
      RawMessage answer = client.get("/");
      assertThat(answer.as200()).isEqualTo("x");
      assertThat(answer.header("x-tenon-build")).isEqualTo("b2");
      proxy.replace("b3").get(40, TimeUnit.SECONDS);
      assertThat(client.get("/").header("x-tenon-build")).isEqualTo("b3");
    }
    assertThat(server.connections).as("the upstream connection lives on too").hasValue(1);
  }

  @Test
  void aRequestUnderWayIsFinishedByTheOldGenerationAndTheNextByTheNew() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    given((request, number) -> {
      if (number == 1) {
        go.await();
      }
      return RawServer.ok("x");
    });
    try (RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      server.request();
      CompletableFuture<Void> drained = proxy.replace("b2");
      assertThat(drained).isNotDone();
      go.countDown();
      assertThat(client.read().header("x-tenon-build")).isNull();
      assertThat(client.get("/").header("x-tenon-build")).isEqualTo("b2");
      drained.get(40, TimeUnit.SECONDS);
    }
  }

  @Test
  void noRequestFailsWhileGenerationsChange() throws Exception {
    given((request, number) -> RawServer.ok("x"));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      RawClient client = proxy.client();
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                try (client) {
                  while (!stop.get()) {
                    assertThat(client.get("/").as200()).isEqualTo("x");
                    served.incrementAndGet();
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    for (int i = 0; i < 20; i++) {
      proxy.replace("b" + i).get(40, TimeUnit.SECONDS);
    }
    stop.set(true);
    CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(40, TimeUnit.SECONDS);
    assertThat(served).hasPositiveValue();
    assertThat(server.connections.get()).as("upstream connections are handed on").isLessThan(20);
  }

  @Test
  void whenNobodyTakesOverIdleConnectionsAreClosedAndBusyOnesFinished() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    given((request, number) -> {
      go.await();
      return RawServer.ok("x");
    });
    try (RawClient idle = proxy.client(); RawClient busy = proxy.client()) {
      busy.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      server.request();
      CompletableFuture<Void> drained = proxy.drain();
      assertThat(idle.closed()).isTrue();
      go.countDown();
      assertThat(busy.read().as200()).isEqualTo("x");
      assertThat(busy.closed()).isTrue();
      drained.get(40, TimeUnit.SECONDS);
      assertThat(proxy.ports.warmConnections()).as("nobody is to come for the upstream's").isZero();
    }
  }

  @Test
  void whatCallersSentIsFinishedWithCallsOfTheApplicationsOwn() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    given((request, number) -> {
      if (number == 1) {
        go.await();
      }
      return RawServer.ok("x");
    });
    try (RawClient caller = proxy.inbound(); RawClient idle = proxy.inbound()) {
      caller.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      server.request();
      CompletableFuture<Void> drained = proxy.drain();
      assertThat(idle.closed()).isTrue();
      try (RawClient application = proxy.client()) {
        assertThat(application.get("/").as200()).isEqualTo("x");
        assertThat(application.get("/").as200()).as("on the same connection").isEqualTo("x");
        assertThatThrownBy(proxy::inbound).isInstanceOf(IOException.class);
        go.countDown();
        assertThat(caller.read().as200()).isEqualTo("x");
        assertThat(application.closed()).isTrue();
      }
      drained.get(40, TimeUnit.SECONDS);
      assertThatThrownBy(proxy::client).isInstanceOf(IOException.class);
    }
  }
}

package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.proxy.report.PrometheusText;
import dev.tenon.proxy.report.Telemetry;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.telemetry.FinishedRequest;
import dev.tenon.spi.telemetry.FinishedRequest.Reporter;
import dev.tenon.spi.telemetry.MetricSnapshot;
import dev.tenon.spi.telemetry.Sink;
import dev.tenon.spi.telemetry.SinkFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sinks are told of finished requests and of all figures, and hold up nobody. */
class SinksTest {
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Cell<List<Offer<SinkFactory>>> offers = new Cell<>(List.of());
  private final BlockingQueue<FinishedRequest> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<MetricSnapshot> figures = new LinkedBlockingQueue<>();
  private final AtomicInteger closed = new AtomicInteger();
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile boolean slow;
  private Telemetry telemetry;
  private RawServer server;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    PlugSpec spec = new PlugSpec("queue", Node.Mapping.empty(Position.of("test.yaml")));
    telemetry = new Telemetry(List.of(new Telemetry.Wanted(spec, Duration.ofMillis(100), 2)), DirectGuards::new, timers);
    server = RawServer.saying("served");
    proxy =
        new RunningProxy()
            .telemetry(telemetry)
            .cluster("outbound|80||server.default.svc", server)
            .route(Route.of(RouteMatch.ALL, RouteAction.Forward.to("outbound|80||server.default.svc")))
            .start();
    telemetry.start(offers, proxy.plane()::figures);
  }

  @AfterEach
  void stop() throws IOException {
    go.countDown();
    telemetry.close();
    proxy.close();
    server.close();
    timers.shutdownNow();
  }

  private final class Queue implements SinkFactory, Sink {
    @Override
    public String name() {
      return "queue";
    }

    @Override
    public Sink build(Fields config) {
      return this;
    }

    @Override
    public void requests(List<FinishedRequest> batch) throws InterruptedException {
      if (slow) {
        go.await();
      }
      told.addAll(batch);
    }

    @Override
    public void metrics(MetricSnapshot snapshot) {
      figures.add(snapshot);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private void get(String path, String... headers) throws IOException {
    try (RawClient client = proxy.client()) {
      assertThat(client.get(path, headers).status()).isPositive();
    }
  }

  private FinishedRequest next() throws InterruptedException {
    FinishedRequest request = told.poll(40, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return java.util.Objects.requireNonNull(request);
  }

  @Test
  void aSinkIsToldOfEachRequestAndOfAllFigures() throws Exception {
    offers.set(List.of(new Offer<>("jar", "1", new Queue())));
    get("/a?q=1", "User-Agent: me", "X-Request-Id: r1", "traceparent: 00-1-2-01");
    FinishedRequest request = next();
    assertThat(request.reporter()).isEqualTo(Reporter.SOURCE);
    assertThat(request.asked())
        .isEqualTo(new FinishedRequest.Asked("HTTP/1.1", "GET", "test", "/a?q=1", "r1", "me", "00-1-2-01"));
    assertThat(request.answered()).isEqualTo(new FinishedRequest.Answered(200, "-", 0, 6));
    assertThat(request.upstream().cluster()).isEqualTo("outbound|80||server.default.svc");
    assertThat(request.upstream().address()).isEqualTo("127.0.0.1:" + server.address().getPort());
    assertThat(request.caller().address()).startsWith("127.0.0.1:");
    assertThat(request.nanos()).isPositive();

    await()
        .atMost(Duration.ofSeconds(40)).untilAsserted(
            () ->
                assertThat(figures.stream().map(PrometheusText::of))
                    .anyMatch(text -> text.contains("istio_requests_total") && text.contains("envoy_http_downstream_rq_total 1\n")));
  }

  @Test
  void aSlowSinkLosesWhatDoesNotFitAndHoldsUpNoRequest() throws Exception {
    slow = true;
    offers.set(List.of(new Offer<>("jar", "1", new Queue())));
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
      get("/");
      assertThat(dropped()).isPositive();
    });
    slow = false;
    go.countDown();
    int lost = dropped();
    get("/last");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(told).anyMatch(each -> each.asked().path().equals("/last")));
    assertThat(told).hasSizeLessThanOrEqualTo(server.requests.size() - lost);
  }

  private int dropped() throws IOException {
    try (RawClient admin = proxy.admin()) {
      return admin.get("/stats/prometheus").body().lines()
          .filter(line -> line.startsWith("tenon_telemetry_dropped_total{sink=\"queue\"} "))
          .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  @Test
  void aSinkThatIsGoneIsClosedAndWhatItMissesIsCounted() throws Exception {
    offers.set(List.of(new Offer<>("jar", "1", new Queue())));
    get("/");
    next();
    offers.set(List.of());
    assertThat(closed).hasValue(1);
    get("/");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(dropped()).isEqualTo(1));
  }
}

package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.telemetry.FinishedRequest;
import dev.tenon.spi.telemetry.MetricSnapshot;
import dev.tenon.spi.telemetry.MetricSnapshot.Distribution;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import dev.tenon.spi.telemetry.Sink;
import dev.tenon.spi.telemetry.SinkFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a sink of telemetry promises. What arrives where it sends things is an author's own test. */
public abstract class SinkContract extends PluginContract<SinkFactory> {
  /** For the plug point of sinks. */
  protected SinkContract() {
    super(SinkFactory.class);
  }

  /** A new factory. */
  protected abstract SinkFactory factory();

  /** Configuration in YAML, a field a line, of a place that takes what is sent. */
  protected abstract String config();

  /** Requests of every shape: answered, given up, without an upstream. */
  protected static List<FinishedRequest> requests(int count) {
    return IntStream.range(0, count).mapToObj(SinkContract::request).toList();
  }

  private static FinishedRequest request(int i) {
    boolean nobody = i % 3 == 2;
    return new FinishedRequest(
        Instant.ofEpochSecond(1_700_000_000L + i),
        1_000_000L * i,
        i % 2 == 0 ? FinishedRequest.Reporter.SOURCE : FinishedRequest.Reporter.DESTINATION,
        new FinishedRequest.Asked("HTTP/1.1", "GET", "reviews", "/r\"\\\u00e4/" + i, "id-" + i, nobody ? "" : "curl", ""),
        new FinishedRequest.Answered(nobody ? 0 : 200, nobody ? "DC" : "-", i, 10L * i),
        nobody ? new FinishedRequest.Upstream("", "", "", -1) : new FinishedRequest.Upstream("default", "out", "127.9.0.1:80", 3),
        new FinishedRequest.Caller("127.9.9.9:40000", nobody ? "" : "default/web"),
        i % 4 == 0 ? Map.of("note", "value") : Map.of());
  }

  /** Figures of every kind. */
  protected static MetricSnapshot figures() {
    return new MetricSnapshot(
        Instant.ofEpochSecond(1_700_000_000L),
        List.of(
            new Family("istio_requests_total", Kind.COUNTER, List.of(Sample.of(Map.of("response_code", "200"), 7))),
            new Family("connections", Kind.GAUGE, List.of(Sample.of(Map.of(), 0))),
            new Family("empty", Kind.GAUGE, List.of()),
            new Family(
                "istio_request_duration_milliseconds",
                Kind.HISTOGRAM,
                List.of(new Sample(new LinkedHashMap<>(Map.of("a", "b\"\n")), new Distribution(List.of(1.0, 5.0), List.of(1L, 0L, 2L), 17.5))))));
  }

  @Test
  void hasANameAndReadsAllOfItsConfigurationAndNoMore() {
    assertThat(factory().name()).matches("[a-z0-9.-]+");
    assertReadsAll(config(), config -> factory().build(config).close());
  }

  @Test
  void takesRequestsAndFiguresOfEveryShape() throws Exception {
    try (Sink sink = factory().build(fields(config()))) {
      sink.requests(List.of());
      sink.requests(requests(1));
      sink.requests(requests(1_000));
      sink.metrics(new MetricSnapshot(Instant.EPOCH, List.of()));
      sink.metrics(figures());
    }
  }

  @Test
  void isClosedWithoutHavingBeenUsed() {
    factory().build(fields(config())).close();
  }

  @Test
  void sinksOfOneFactoryKnowNothingOfEachOther() throws Exception {
    SinkFactory factory = factory();
    try (Sink sink = factory.build(fields(config()))) {
      factory.build(fields(config())).close();
      sink.requests(requests(3));
      sink.metrics(figures());
    }
  }
}

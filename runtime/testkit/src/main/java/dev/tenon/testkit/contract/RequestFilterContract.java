package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import dev.tenon.spi.traffic.Step;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a request filter promises. */
public abstract class RequestFilterContract extends PluginContract<RequestFilterFactory> {
  /** For the plug point of filters. */
  protected RequestFilterContract() {
    super(RequestFilterFactory.class);
  }

  /** A new factory. */
  protected abstract RequestFilterFactory factory();

  /** Configuration in YAML, a field a line; empty when it needs none. */
  protected abstract String config();

  private RequestFilter filter() {
    return factory().build(fields(config()));
  }

  /** Shows a filter a request from its beginning to its end. */
  private static Step pass(RequestFilter filter, GivenRequestHead request, GivenResponseHead response) {
    Step step = filter.onRequest(request);
    assertThat(step).as("a step; null counts as a failure").isNotNull();
    request.send();
    filter.onResponse(request, response);
    request.end();
    response.end();
    return step;
  }

  private static GivenRequestHead request(int i) {
    Map<String, String> headers = Map.of("host", "reviews:9080", "X-User", "user" + i, "accept", "*/*", "content-length", "3");
    return GivenRequestHead.of(i % 2 == 0 ? "GET" : "POST", "/reviews/" + i + "?a=%20b", i % 3 == 0 ? Map.of() : headers);
  }

  private static GivenResponseHead response(int i) {
    return GivenResponseHead.of(i % 4 == 0 ? 503 : 200, i % 4 == 0, i % 3 == 0 ? Map.of() : Map.of("content-type", "text/plain"));
  }

  @Test
  void hasANameAndReadsAllOfItsConfigurationAndNoMore() {
    assertThat(factory().name()).matches("[a-z0-9.-]+");
    assertReadsAll(config(), config -> factory().build(config).close());
  }

  @Test
  void takesRequestsOfEveryShapeAndLeavesTheProxysFieldsAlone() {
    try (RequestFilter filter = filter()) {
      for (int i = 0; i < 24; i++) {
        pass(filter, request(i), response(i));
      }
    }
  }

  @Test
  void isSafeForManyRequestsAtOnce() {
    try (RequestFilter filter = filter()) {
      Crowd.eightAtOnce(
          () -> {
            for (int i = 0; i < 500; i++) {
              pass(filter, request(i), response(i));
            }
          });
    }
  }

  @Test
  void takesAnAnswerWhoseRequestItNeverSaw() {
    try (RequestFilter filter = filter()) {
      // It was installed while the request was under way.
      GivenRequestHead request = request(1);
      request.send();
      filter.onResponse(request, response(1));
    }
  }

  @Test
  void onlyComputesIfItSaysSo() {
    assumeTrue(factory().nonBlocking(), "the filter may block");
    try (RequestFilter filter = filter()) {
      int[] i = {0};
      Crowd.assertOnlyComputes(() -> pass(filter, request(i[0]++), response(1)));
    }
  }
}

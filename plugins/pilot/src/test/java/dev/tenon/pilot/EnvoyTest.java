package dev.tenon.pilot;

import static dev.tenon.pilot.support.Rule.answer;
import static dev.tenon.pilot.support.Rule.redirect;
import static dev.tenon.pilot.support.Rule.split;
import static dev.tenon.pilot.support.Rule.to;
import static dev.tenon.pilot.support.Rule.virtualService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.pilot.serve.Limits;
import dev.tenon.pilot.support.AdsServer;
import dev.tenon.pilot.support.Envoy;
import dev.tenon.pilot.support.Rule.Match;
import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.support.Upstream;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.rules.HeaderOps;
import dev.tenon.spi.rules.TextMatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Envoy as the sidecar of a workload, under pilot, by both protocols. */
@Tag("system")
class EnvoyTest {
  private static final String HOST = "http://reviews:9080";
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Town town = new Town();
  @TempDir private Path directory;
  private Upstream v1;
  private Upstream v2;
  private AdsServer ads;
  private HttpClient client;
  private int proxyPort;
  private int inboundPort;

  @BeforeEach
  void aTown() throws Exception {
    boolean there = Envoy.binary().isPresent();
    assertThat(there || !"true".equals(System.getenv("CI")))
        .as("CI needs Envoy: run .ci/peers/install envoy, or set TENON_ENVOY")
        .isTrue();
    Assumptions.assumeTrue(there, "no Envoy here: run .ci/peers/install envoy, or set TENON_ENVOY");
    v1 = opened(new Upstream("v1"));
    v2 = opened(new Upstream("v2"));
    proxyPort = Envoy.freePort();
    inboundPort = Envoy.freePort();
    reviews(answering("v1", v1), answering("v2", v2));
    town.versions("default/reviews", "reviews", "v1", "v2");
    WorkloadPort port =
        new WorkloadPort(
            new ServiceName("caller", "default"), 9080, Protocol.HTTP, inboundPort, "127.0.0.1:" + v1.port());
    town.add(
        "vm",
        new Workload(
            "caller-v1", "default", "", "127.0.0.1", Map.of(), Locality.NONE, "default", List.of(port)));
    ads = opened(new AdsServer(0, Limits.DEFAULT));
    client =
        opened(
            HttpClient.newBuilder()
                .proxy(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort)))
                .version(HttpClient.Version.HTTP_1_1)
                .build());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  private static Endpoint answering(String version, Upstream upstream) {
    return Town.endpoint(9080, "127.0.0.1", upstream.port(), Map.of("version", version));
  }

  private void reviews(Endpoint... endpoints) {
    town.add("vm", Town.service("reviews.default", List.of(endpoints), 9080));
  }

  private Envoy start(String apiType) throws IOException {
    ads.tell(town);
    String id = "sidecar~127.0.0.1~caller-v1.default~default.svc.cluster.local";
    String metadata =
        "{NAME: caller-v1, NAMESPACE: default, LABELS: {app: caller}, PROXY_CONFIG: {proxyHttpPort: %d}}"
            .formatted(proxyPort);
    Envoy envoy = opened(Envoy.start(directory, id, metadata, ads.port(), apiType));
    await("Envoy answers").atMost(Duration.ofSeconds(80)).until(() -> status(HOST + "/") == 200);
    return envoy;
  }

  private HttpResponse<String> call(String url, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private int status(String url, String... headers) throws InterruptedException {
    try {
      return call(url, headers).statusCode();
    } catch (IOException e) {
      return -1;
    }
  }

  private long share(String version, int requests) throws IOException, InterruptedException {
    long seen = 0;
    for (int i = 0; i < requests; i++) {
      HttpResponse<String> response = call(HOST + "/");
      assertThat(response.statusCode()).isEqualTo(200);
      seen += response.body().startsWith(version) ? 1 : 0;
    }
    return seen;
  }

  private void becomes(String url, int status, String body, String... headers) {
    await(url + " becomes " + status + " " + body)
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              HttpResponse<String> response = call(url, headers);
              assertThat(response.statusCode()).isEqualTo(status);
              assertThat(response.body()).contains(body);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
  void everythingARuleCanSayIsAcceptedAndCarriedOut(String apiType) throws Exception {
    Envoy envoy = start(apiType);
    town.add(
        virtualService("default/reviews", "reviews")
            .http(answer(418, "short").when(Match.exact("/teapot")))
            .http(answer(200, "x".repeat(10_000)).when(Match.exact("/long")))
            .http(redirect("other.example", "/moved", 302).when(Match.prefix("/old")))
            .http(to("reviews/v1").when(Match.exact("/abort")).abort(555, 100))
            .http(to("reviews/v1").when(Match.exact("/slow")).delay(Duration.ofMillis(300), 100))
            .http(to("reviews/v1").when(Match.exact("/thousandth")).abort(500, 0.001))
            .http(to("reviews/v2").when(Match.any().header("end-user", new TextMatch.Exact("jason"))))
            .http(to("reviews/v2").when(Match.any().header("x-re", new TextMatch.Regex("a[0-9]+"))))
            .http(to("reviews/v2").when(Match.any().header("x-pre", new TextMatch.Prefix("p"))))
            .http(to("reviews/v2").when(Match.any().header("x-there", new TextMatch.Present())))
            .http(to("reviews/v2").when(Match.any().method("PUT").authority(new TextMatch.Prefix("reviews"))))
            .http(to("reviews/v2").when(Match.any().query("q", new TextMatch.Exact("1"))))
            .http(to("reviews/v2").when(Match.prefix("/CASE").ignoreCase()))
            .http(
                to("reviews/v2")
                    .when(Match.exact("/without").without("x-no", new TextMatch.Exact("no"))))
            .http(to("reviews/v1").when(Match.prefix("/api/v1")).rewrite("/v2", "rewritten.example"))
            .http(to("reviews/v1").when(Match.regex("/items/[0-9]+")).rewrite("/all", ""))
            .http(
                to("reviews/v1")
                    .when(Match.prefix("/headers"))
                    .headers(
                        new HeaderOps(Map.of("x-added", "100% %PROTOCOL%"), Map.of(), List.of("accept")),
                        new HeaderOps(Map.of(), Map.of("x-back", "yes"), List.of("server"))))
            .http(to("reviews/nosuch").when(Match.prefix("/nowhere")))
            .http(
                to("reviews/v1")
                    .retries(3, "connect-failure,refused-stream,503")
                    .timeout(Duration.ofSeconds(5))));
    ads.tell(town);
    becomes(HOST + "/teapot", 418, "short");
    assertThat(call(HOST + "/long").body()).hasSize(10_000);
    assertThat(call(HOST + "/old/x").headers().firstValue("location")).contains("http://other.example/moved");
    assertThat(status(HOST + "/abort")).isEqualTo(555);
    // Envoy counts from the start of its loop's turn, which may be some milliseconds earlier.
    long began = System.nanoTime();
    assertThat(status(HOST + "/slow")).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(250));
    assertThat(call(HOST + "/", "end-user", "jason").body()).startsWith("v2");
    assertThat(call(HOST + "/", "x-re", "a12").body()).startsWith("v2");
    assertThat(call(HOST + "/", "x-re", "a12b").body()).startsWith("v1");
    assertThat(call(HOST + "/", "x-pre", "pq").body()).startsWith("v2");
    assertThat(call(HOST + "/", "x-there", "1").body()).startsWith("v2");
    assertThat(call(HOST + "/?q=1").body()).startsWith("v2");
    assertThat(call(HOST + "/case/x").body()).startsWith("v2");
    assertThat(call(HOST + "/without").body()).startsWith("v2");
    assertThat(call(HOST + "/without", "x-no", "no").body()).startsWith("v1");
    assertThat(call(HOST + "/without", "x-no", "yes").body()).startsWith("v2");
    assertThat(call(HOST + "/api/v1/x?y=z").body()).startsWith("v1 /v2/x?y=z host=rewritten.example");
    assertThat(call(HOST + "/items/77?a=b").body()).startsWith("v1 /all?a=b");
    HttpResponse<String> changed = call(HOST + "/headers");
    assertThat(changed.body()).contains("added=100% HTTP/1.1");
    assertThat(changed.headers().firstValue("x-back")).contains("yes");
    assertThat(status(HOST + "/nowhere")).isEqualTo(503);
    assertThat(status("http://nobody.example/")).isEqualTo(502);
    assertThat(call("http://reviews.default.svc.cluster.local:9080/").body()).startsWith("v1");
    assertThat(envoy.refused()).isEmpty();
    assertThat(envoy.admin("/config_dump")).doesNotContain("error_state").contains("block_all");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
  void trafficShiftsByWeightWithoutAFailedRequest(String apiType) throws Exception {
    Envoy envoy = start(apiType);
    town.add(virtualService("default/reviews", "reviews").http(split("reviews/v1", 90, "reviews/v2", 10)));
    ads.tell(town);
    becomes(HOST + "/", 200, "v2");
    assertThat(share("v2", 500)).isBetween(15L, 90L);
    try (Load load = new Load()) {
      for (int step = 1; step <= 8; step++) {
        shift(step);
        becomesStep(step);
      }
      // Faster than Envoy can follow: clusters are gone again before it asks for their endpoints.
      for (int step = 9; step <= 40; step++) {
        shift(step);
      }
      becomesStep(40);
      reviews(answering("v1", v2), answering("v2", v1));
      ads.tell(town);
      becomes(HOST + "/", 200, "v1");
      assertThat(load.failures()).isEmpty();
    }
    assertThat(envoy.refused()).isEmpty();
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> assertThat(envoy.admin("/clusters")).contains("generation-40").doesNotContain("generation-39"));
  }

  /** Each version's subset comes with its route and goes with it: clusters must be there in time. */
  private void shift(int step) {
    String version = step % 2 == 0 ? "v2" : "v1";
    town.versions("default/reviews", "reviews", version, "generation-" + step);
    town.add(
        virtualService("default/reviews", "reviews")
            .http(
                to("reviews/" + version)
                    .headers(HeaderOps.NONE, new HeaderOps(Map.of("x-step", "" + step), Map.of(), List.of()))));
    ads.tell(town);
  }

  private void becomesStep(int step) {
    await("step " + step)
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> call(HOST + "/").headers().firstValue("x-step").equals(Optional.of("" + step)));
  }

  /** Requests one after the other until it is closed; what failed is kept. */
  private final class Load implements AutoCloseable {
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread = Thread.ofVirtual().start(this::run);

    private void run() {
      while (!stopped.get()) {
        try {
          HttpResponse<String> response = call(HOST + "/");
          if (response.statusCode() != 200) {
            failures.add(response.statusCode() + " " + response.headers().map() + response.body());
          }
        } catch (IOException e) {
          failures.add(e.toString());
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    List<String> failures() {
      return failures;
    }

    @Override
    public void close() throws InterruptedException {
      stopped.set(true);
      thread.join(Duration.ofSeconds(10));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
  void whatIsUnhealthyIsNotCalledUnlessNobodyIsWell(String apiType) throws Exception {
    Envoy envoy = start(apiType);
    reviews(in(Health.UNHEALTHY, answering("v1", v1)), answering("v2", v2), in(Health.STARTING, Town.endpoint(9080, "127.0.0.1", 1, Map.of())));
    ads.tell(town);
    await("all goes to v2").atMost(Duration.ofSeconds(40)).until(() -> share("v2", 20) == 20);
    reviews(in(Health.UNHEALTHY, answering("v1", v1)), in(Health.UNHEALTHY, answering("v2", v2)), in(Health.STARTING, Town.endpoint(9080, "127.0.0.1", 1, Map.of())));
    ads.tell(town);
    await("both are called in panic").atMost(Duration.ofSeconds(40)).until(() -> share("v1", 20) == 10);
    assertThat(envoy.admin("/stats?filter=lb_healthy_panic")).containsPattern("reviews.*lb_healthy_panic: [1-9]");
    assertThat(envoy.refused()).isEmpty();
  }

  private static Endpoint in(Health health, Endpoint well) {
    return new Endpoint(
        well.servicePort(), well.address(), well.port(), well.labels(), well.weight(), health, well.locality(), well.serviceAccount());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
  void aNewControlPlaneIsFoundAgainAndChangesNothingByItself(String apiType) throws Exception {
    Envoy envoy = start(apiType);
    assertThat(status("http://127.0.0.1:" + inboundPort + "/")).isEqualTo(502);
    try (HttpClient direct = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + inboundPort + "/in")).build();
      assertThat(direct.send(request, BodyHandlers.ofString()).body()).startsWith("v1 /in");
    }
    int port = ads.port();
    ads.close();
    assertThat(share("v1", 100)).isPositive();
    AdsServer successor = opened(new AdsServer(port, Limits.DEFAULT));
    successor.tell(town);
    town.add(virtualService("default/reviews", "reviews").http(to("reviews/v2")));
    successor.tell(town);
    await("all goes to v2").atMost(Duration.ofSeconds(80)).until(() -> share("v2", 10) == 10);
    assertThat(envoy.refused()).isEmpty();
  }
}

package dev.tenon.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The four services at work, each reaching the others only through an HTTP proxy. */
class BookinfoTest {
    private static final String REVIEWS = "reviews:9080";
    private static final String RATINGS = "ratings:9080";
    private static final String DETAILS = "details:9080";
    private static final String NO_REVIEWS = "Sorry, product reviews are currently unavailable for this book.";
    private static final String NO_RATINGS = "Ratings service is currently unavailable";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HostProxy proxy;
    private URI page;

    @BeforeEach
    void start() throws IOException {
        proxy = opened(new HostProxy());
        proxy.route(DETAILS, listen(new Details()));
        proxy.route(RATINGS, listen(new Ratings()));
        reviews("v1");
        page = frontWithPatience(Duration.ofSeconds(3));
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"v1, none", "v2, black", "v3, red"})
    void pageShowsTheStarsOfTheReviewsThatServedItAndSaysWhichItWas(String version, String color) throws Exception {
        reviews(version);

        HttpResponse<String> answer = get("/productpage");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-reviews-version")).contains(version);
        assertThat(answer.body())
                .contains("William Shakespeare", "Reviews served by: <b>reviews " + version + "</b>")
                .contains("data-reviews-version=\"" + version + "\"");
        if (color.equals("none")) {
            assertThat(answer.body()).doesNotContain("stars");
            assertThat(proxy.seen(RATINGS)).isEmpty();
        } else {
            assertThat(answer.body())
                    .contains("title=\"5 " + color + " stars\"", "title=\"4 " + color + " stars\"");
        }
    }

    @Test
    void everyCallGoesToTheProxyInAbsoluteFormOnConnectionsThatAreKept() throws Exception {
        for (int i = 0; i < 10; i++) {
            get("/productpage");
        }

        assertThat(proxy.seen).hasSize(20).allSatisfy(request -> assertThat(request.target())
                .hasScheme("http").hasAuthority(request.host()));
        assertThat(proxy.seen.stream().map(HostProxy.Seen::clientPort).distinct()).hasSize(1);
    }

    @Test
    void userWhoLoggedInIsPassedOnUntilLogout() throws Exception {
        reviews("v2");
        HttpResponse<String> login = post("/login", "username=jason&passwd=");
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];

        HttpResponse<String> shown = get("/productpage", "Cookie", cookie);
        HttpResponse<String> logout = get("/logout", "Cookie", cookie);

        assertThat(login.statusCode()).isEqualTo(302);
        assertThat(login.headers().firstValue("Location")).contains("/productpage");
        assertThat(shown.body()).contains("jason", "sign out");
        assertThat(proxy.seen).hasSize(3)
                .allSatisfy(request -> assertThat(request.headers()).containsEntry("end-user", "jason"));
        assertThat(logout.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("session=;").contains("Max-Age=0");
        assertThat(get("/productpage", "Cookie", "session=").body()).contains("Sign in");
    }

    @Test
    void endUserAndTracingHeadersOfAClientReachEveryServiceAndOthersDoNot() throws Exception {
        reviews("v3");

        get("/productpage", "end-user", "jason", "x-request-id", "r-1", "traceparent", "00-a-b-01",
                "x-b3-traceid", "t", "x-demo-block", "1", "x-other", "kept back");

        assertThat(proxy.seen).extracting(HostProxy.Seen::host).containsExactly(DETAILS, REVIEWS, RATINGS);
        assertThat(proxy.seen).allSatisfy(request -> assertThat(request.headers())
                .containsAllEntriesOf(Map.of("end-user", "jason", "x-request-id", "r-1",
                        "traceparent", "00-a-b-01", "x-b3-traceid", "t", "x-demo-block", "1"))
                .doesNotContainKey("x-other"));
    }

    @Test
    void reviewsThatAreLateOnceAreAskedASecondTime() throws Exception {
        page = frontWithPatience(Duration.ofMillis(1_500));
        get("/productpage"); // connections and classes are warm from here on
        proxy.seen.clear();
        proxy.hang(REVIEWS, 1);

        assertThat(get("/productpage").body()).contains("reviews v1").doesNotContain(NO_REVIEWS);
        assertThat(proxy.seen(REVIEWS)).hasSize(2);
    }

    @Test
    void reviewsThatStayLateAreReportedAfterTheSecondTry() throws Exception {
        page = frontWithPatience(Duration.ofMillis(500));
        proxy.hang(REVIEWS, 9);

        HttpResponse<String> answer = get("/productpage");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(NO_REVIEWS);
        assertThat(answer.headers().firstValue("x-reviews-version")).contains("none");
        assertThat(proxy.seen(REVIEWS)).hasSize(2);
    }

    @Test
    void failuresOfDetailsAndReviewsAreShownAndTheirStatusKeptInTheApi() throws Exception {
        proxy.abort(DETAILS, 503);
        proxy.abort(REVIEWS, 403);

        HttpResponse<String> answer = get("/productpage");

        assertThat(answer.body()).contains(NO_REVIEWS, "Sorry, product details are currently unavailable");
        assertThat(answer.headers().firstValue("x-reviews-status")).contains("403");
        assertThat(get("/api/v1/products/0").statusCode()).isEqualTo(503);
        assertThat(get("/api/v1/products/0/reviews").statusCode()).isEqualTo(403);
    }

    @Test
    void ratingsThatFailOrHangLeaveTheReviewsWithoutStars() throws Exception {
        reviews("v2");
        proxy.abort(RATINGS, 500);
        assertThat(get("/productpage").body()).contains(NO_RATINGS).doesNotContain("title=\"5", NO_REVIEWS);

        proxy.hang(RATINGS, 1);
        assertThat(get("/api/v1/products/0/reviews").body()).contains("\"rating\":{\"error\":\"" + NO_RATINGS + "\"}");
    }

    @Test
    void apiGivesProductsDetailsReviewsAndRatings() throws Exception {
        reviews("v3");

        assertThat(get("/api/v1/products").body()).contains("\"title\":\"The Comedy of Errors\"");
        assertThat(get("/api/v1/products/7").body()).contains("\"id\":7", "\"ISBN-10\"");
        assertThat(get("/api/v1/products/0/reviews").body()).contains("\"version\":\"v3\"", "\"podname\":\"reviews-v3\"");
        assertThat(get("/api/v1/products/0/ratings").body())
                .isEqualTo("{\"id\":0,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}");
        assertThat(get("/api/v1/products/zero").statusCode()).isEqualTo(404);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/static/bookinfo.css").headers().firstValue("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("text/css"));
    }

    @Test
    void namesAndAnswersFromOutsideAreEscaped() throws Exception {
        String evil = "<script>\"'&";
        proxy.route(REVIEWS, listen(request -> Answer.json(200, Json.object()
                .with("podname", evil).with("version", evil).build())));

        HttpResponse<String> answer = get("/productpage", "end-user", evil);

        assertThat(answer.body()).doesNotContain("<script").contains("&lt;script&gt;&quot;&#39;&amp;");
        assertThat(post("/login", "username=%0d%0aSet-Cookie:x").statusCode()).isEqualTo(302);
        assertThat(post("/login", "username=a%0d%0ab").statusCode()).isEqualTo(400);
        assertThat(post("/login", "username=" + "x".repeat(Listener.MOST_BODY)).statusCode()).isEqualTo(413);
    }

    @Test
    void sixtyFourConnectionsAtOnceAreAllServed() {
        reviewsUnchecked("v3");

        var answers = IntStream.range(0, 192)
                .mapToObj(i -> client.sendAsync(
                        HttpRequest.newBuilder(page.resolve("/productpage")).build(), BodyHandlers.ofString()))
                .toList();

        assertThat(answers).allSatisfy(answer ->
                assertThat(answer.join().headers().firstValue("x-reviews-version")).contains("v3"));
    }

    private URI frontWithPatience(Duration patience) throws IOException {
        InetSocketAddress front = listen(new ProductPage(settings(patience), caller()));
        return URI.create("http://" + Arguments.shown(front));
    }

    private void reviews(String version) throws IOException {
        proxy.route(REVIEWS, listen(Reviews.version(version, settings(Duration.ofSeconds(3)), caller())));
    }

    private void reviewsUnchecked(String version) {
        try {
            reviews(version);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Settings settings(Duration patience) {
        Settings usual = Settings.from(Map.of("HTTP_PROXY", proxy.url()));
        return new Settings(usual.details(), usual.reviews(), usual.ratings(), usual.proxy(), patience,
                Duration.ofMillis(300), null, usual.clusterName());
    }

    private Caller caller() {
        return opened(Caller.through(Settings.from(Map.of("HTTP_PROXY", proxy.url())).proxy()));
    }

    private InetSocketAddress listen(Service service) throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return opened(Listener.open("test", free, service)).address();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(page.resolve(path));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(page.resolve(path)).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }
}

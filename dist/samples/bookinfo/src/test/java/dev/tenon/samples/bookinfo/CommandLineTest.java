package dev.tenon.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line and the environment accept, and what they say when they do not. */
class CommandLineTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "details",
        "shop --bind 127.0.0.1:0",
        "details --bind",
        "details --bind 9080",
        "details --bind 127.0.0.1:70000",
        "details --bind 127.0.0.1:0 --version 1",
        "details --bind 127.0.0.1:0 --verbose",
        "reviews --bind 127.0.0.1:0 --version v4"
    })
    void badArgumentsPrintTheUsageAndEndWithTwo(String words) {
        assertThat(run(Map.of(), words.isEmpty() ? new String[0] : words.split(" "))).isEqualTo(2);
        assertThat(written()).startsWith("bookinfo: ").contains("Usage: bookinfo SERVICE");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_PROXY, socks://127.0.0.1:1", "REVIEWS_HOSTNAME, a b", "RATINGS_SERVICE_PORT, 0",
        "RATINGS_TIMEOUT_MS, long"
    })
    void badEnvironmentIsNamedAndEndsWithTwo(String name, String value) {
        assertThat(run(Map.of(name, value), "reviews", "--bind", "127.0.0.1:0")).isEqualTo(2);
        assertThat(written()).startsWith("bookinfo: " + name + "=" + value);
    }

    @Test
    void takenPortIsNamedAndEndsWithOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String bind = "127.0.0.1:" + taken.getLocalPort();
            assertThat(run(Map.of(), "ratings", "--bind", bind)).isEqualTo(1);
            assertThat(written()).contains("ratings v1 cannot listen on " + bind);
        }
    }

    @Test
    void helpEndsWithZero() {
        assertThat(run(Map.of(), "--help")).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "details            | true",
        "sub.details        | true",
        ".details           | true",
        "other,DETAILS:9080 | true",
        "*                  | true",
        "details:80         | false",
        "tails              | false",
        "''                 | false"
    })
    void noProxyNamesHostsSuffixesAndPorts(String exceptions, boolean direct) {
        var selector = EnvironmentProxy.from(Map.of("HTTP_PROXY", "127.0.0.1:15080", "NO_PROXY", exceptions));
        String host = exceptions.startsWith("sub.") ? "a.sub.details" : "details";

        assertThat(selector.select(URI.create("http://" + host + ":9080/details/0")))
                .singleElement()
                .satisfies(proxy -> assertThat(proxy.type() == java.net.Proxy.Type.DIRECT).isEqualTo(direct));
    }

    @Test
    void hostAndPortOfTheOthersComeFromTheEnvironmentAsInTheOriginal() {
        Settings settings = Settings.from(
                Map.of("REVIEWS_HOSTNAME", "r2", "REVIEWS_SERVICE_PORT", "81", "SERVICES_DOMAIN", "shop.local"));

        assertThat(settings.reviews()).hasToString("http://r2.shop.local:81");
        assertThat(settings.details()).hasToString("http://details.shop.local:9080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1,}", "[1 2]", "\"\\u00g0\"", "1e999", "{\"a\":1} x", "\"\n\"", "nul"})
    void brokenJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(5_000))).hasMessageContaining("less nesting");
    }

    @Test
    void jsonIsReadAndWrittenBack() {
        String text = "{\"a\":[1,-2.5,true,null],\"b\":{\"c\":\"\\\"\\\\\\n\\u0001é\"}}";
        assertThat(JsonReader.read(text)).hasToString(text);
    }

    private int run(Map<String, String> environment, String... words) {
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        return Bookinfo.run(words, environment, out, out);
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }
}

package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that two readers could read differently are refused, and their connection with them. */
class FramingTest {
  private RawServer server;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = RawServer.saying("hello");
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

  private void refused(String request, int status) throws IOException {
    try (RawClient client = proxy.client()) {
      String answer = client.send(request).rest();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("connection: close\r\n");
      assertThat(answer.split("HTTP/1.1 ", -1)).as("one answer alone").hasSize(2);
      assertThat(server.requests).as("nothing reaches the server").isEmpty();
    }
  }

  private static String post(String headers, String body) {
    return "POST / HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n" + body;
  }

  @Test
  @DisplayName("CL.TE: both lengths")
  void bothLengths() throws IOException {
    refused(post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG"), 400);
  }

  @Test
  @DisplayName("TE.CL: both lengths the other way round")
  void bothLengthsReversed() throws IOException {
    refused(post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\nGPOST / HTTP/1.1\r\n"), 400);
  }

  @Test
  void twoDifferentContentLengths() throws IOException {
    refused(post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+5", "-1", "5, 5", "0x5", "", "9999999999999999999", "5 5"})
  void contentLengthThatIsNoNumber(String length) throws IOException {
    refused(post("Content-Length: " + length + "\r\n", "hello"), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chunked, identity", "xchunked", "chunked\r\nTransfer-Encoding: chunked", "identity", "gzip, chunked",
        "chunked, chunked", "\"chunked\"", "chunked;q=1", ""
      })
  void transferEncodingOtherThanChunked(String encoding) throws IOException {
    refused(post("Transfer-Encoding: " + encoding + "\r\n", "0\r\n\r\n"), 400);
  }

  @Test
  void chunkedFromAClientOfHttp10() throws IOException {
    refused("POST / HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: a\r\n b\r\n", // obs-fold
        " X: a\r\n",
        "X : a\r\n", // space before the colon
        "X\t: a\r\n",
        ": a\r\n",
        "X\r\n",
        "X: a\u0000b\r\n",
        "X: a\nY: b\r\n", // bare LF
        "X: a\rb\r\n", // bare CR
        "X: a\u007f\r\n",
        "X(y): a\r\n",
        "X: a\r\r\n"
      })
  void malformedFields(String lines) throws IOException {
    refused("GET / HTTP/1.1\r\nHost: test\r\n" + lines + "\r\n", 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: test\n\n",
        "GET  / HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET /\r\nHost: test\r\n\r\n",
        "G@T / HTTP/1.1\r\nHost: test\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET /\u00e9 HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET /admin#x HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET ftp://test/ HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET http:///x HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET http://user@test/ HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: test\r\n\r\n"
      })
  void malformedRequestLines(String request) throws IOException {
    refused(request, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"
      })
  void hostThatIsMissingRepeatedOrNone(String request) throws IOException {
    refused(request, 400);
  }

  @Test
  void anotherVersion() throws IOException {
    refused("GET / HTTP/2.0\r\nHost: test\r\n\r\n", 505);
  }

  @Test
  void connectIsNotServed() throws IOException {
    refused("CONNECT test:443 HTTP/1.1\r\nHost: test\r\n\r\n", 405);
  }

  @Test
  void anUnknownExpectation() throws IOException {
    refused(post("Expect: 200-ok\r\nContent-Length: 1\r\n", "x"), 417);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5;a\nb\r\nhello\r\n0\r\n\r\n", // bare LF in an extension (CVE-2025-58056)
        "5;a=\"b\r\nhello\r\n0\r\n\r\n", // CR LF within a quoted extension (CVE-2026-33870)
        "100000000000000005\r\nhello\r\n0\r\n\r\n", // too many digits
        "0000000000000000005\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhelloX\r\n0\r\n\r\n",
        "x\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nTrailer\r\n\r\n",
        "5\r\nhello\r\n0\r\n Trailer: x\r\n\r\n",
        "5\r\nhello\r\n0\r\nTrailer: a\nb\r\n\r\n",
        "5\r\nhello\r\n0\r\n\rX"
      })
  void malformedChunks(String body) throws IOException {
    refused(post("Transfer-Encoding: chunked\r\n", body), 400);
  }

  @Test
  void aHeadThatIsTooLarge() throws IOException {
    refused("GET / HTTP/1.1\r\nHost: test\r\nX: " + "a".repeat(61 * 1024) + "\r\n\r\n", 431);
  }

  @Test
  void tooManyFields() throws IOException {
    refused("GET / HTTP/1.1\r\nHost: test\r\n" + "X: a\r\n".repeat(100) + "\r\n", 431);
  }

  @Test
  void aBareLineFeedInALaterPieceOfAHead() throws IOException {
    try (RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.1\r\nHost: te");
      assertThat(client.send("st\n\n").rest()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aHeadOctetByOctetIsServed() throws IOException {
    try (RawClient client = proxy.client()) {
      for (char octet : "GET /x HTTP/1.1\r\nHost: test\r\nX: y\r\n\r\n".toCharArray()) {
        client.send(String.valueOf(octet));
      }
      assertThat(client.read().body()).isEqualTo("hello");
    }
  }

  @Test
  void chunksOfOneOctetAreServed() throws Exception {
    try (RawClient client = proxy.client()) {
      client.send(post("Transfer-Encoding: chunked\r\n", ""));
      for (char octet : "hello".toCharArray()) {
        client.send("1\r\n").send(octet + "\r\n");
      }
      client.send("0\r\n").send("X-Trailer: dropped\r\n").send("\r\n");
      assertThat(client.read().body()).isEqualTo("hello");
      assertThat(server.request().body()).isEqualTo("1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n");
    }
  }

  @Test
  void trailersInOneReadAreDropped() throws Exception {
    try (RawClient client = proxy.client()) {
      client.send(
          post("Transfer-Encoding: chunked\r\n", "5;x=\"y\"\r\nhello\r\n0\r\nContent-Length: 7\r\nX: z\r\n\r\n"));
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(server.request().body()).isEqualTo("5;x=\"y\"\r\nhello\r\n0\r\n\r\n");
      assertThat(client.get("/again").status()).isEqualTo(200);
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInOrder() throws Exception {
    try (RawClient client = proxy.client()) {
      String one = "GET /1 HTTP/1.1\r\nHost: test\r\n\r\n";
      String two = post("Content-Length: 3\r\n", "abc");
      String three = "\r\nGET /3 HTTP/1.1\r\nHost: test\r\n\r\n";
      client.send(one + two + three);
      for (int i = 0; i < 3; i++) {
        assertThat(client.read().body()).isEqualTo("hello");
      }
      assertThat(server.request().firstLine()).isEqualTo("GET /1 HTTP/1.1");
      assertThat(server.request().body()).isEqualTo("abc");
      assertThat(server.request().firstLine()).isEqualTo("GET /3 HTTP/1.1");
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void thousandsOfRequestsSentAheadWithASlowReaderAreAllAnswered() throws Exception {
    try (RawClient client = proxy.client()) {
      int count = 5000;
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  for (int i = 0; i < count; i++) {
                    client.send("GET /" + i + " HTTP/1.1\r\nHost: test\r\n\r\n");
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      for (int i = 0; i < count; i++) {
        assertThat(client.read().status()).isEqualTo(200);
      }
    }
  }
}

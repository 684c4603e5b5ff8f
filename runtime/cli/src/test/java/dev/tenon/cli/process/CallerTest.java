package dev.tenon.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallerTest {
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void readsBodiesByLengthAndByChunks() throws Exception {
    answers(
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX-Who: me\r\n\r\nhi",
        "HTTP/1.1 503 No\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n");
    try (Caller caller = caller()) {
      assertThat(caller.get("/", Map.of())).isEqualTo(new Caller.Answer(200, Map.of("content-length", "2", "x-who", "me"), "hi"));
      assertThat(caller.get("/", Map.of()).body()).isEqualTo("abcd");
      assertThat(caller.reconnects()).isZero();
    }
  }

  @Test
  void aConnectionClosedBetweenRequestsIsReplacedAndCounted() throws Exception {
    answers("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na");
    try (Caller caller = caller()) {
      caller.get("/", Map.of());
      answers("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nb");
      assertThat(caller.get("/", Map.of()).body()).isEqualTo("b");
      assertThat(caller.reconnects()).isEqualTo(1);
    }
  }

  @Test
  void aNewConnectionThatIsClosedIsAFailure() throws Exception {
    answers();
    try (Caller caller = caller()) {
      assertThatThrownBy(() -> caller.get("/", Map.of())).isInstanceOf(IOException.class);
    }
  }

  private Caller caller() {
    return new Caller("127.0.0.1", server.getLocalPort());
  }

  /** Accepts one connection, answers one request with each text, and closes it. */
  private void answers(String... texts) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket socket = server.accept()) {
                for (String text : texts) {
                  int newlines = 0;
                  while (newlines < 2) {
                    int b = socket.getInputStream().read();
                    newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
                  }
                  socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
  }
}

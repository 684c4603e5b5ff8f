package dev.tenon.bench.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Loads that go on while what they load is replaced. */
class FlowTest {
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    /** Answers a connection's first requests and closes it: after the last answer, or when one more has come. */
    private static ServerSocket server(int answers, boolean between) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    InputStream in = socket.getInputStream();
                    for (int i = 0; i < answers && in.read(new byte[1024]) > 0; i++) {
                        socket.getOutputStream().write(ANSWER);
                    }
                    if (!between) {
                        in.read(new byte[1024]);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            }
        });
        return server;
    }

    private static void until(java.util.function.BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
    }

    @Test
    void aConnectionClosedBetweenTwoRequestsIsOpenedAgainAndCounted() throws Exception {
        try (ServerSocket server = server(3, true);
                HttpFlow flow = HttpFlow.start(new Target(server.getLocalPort(), "test"), 100, 1)) {
            until(() -> flow.reconnects() >= 2);
            assertThat(flow.reconnects()).isGreaterThanOrEqualTo(2);
            assertThat(flow.failures()).isEmpty();
            assertThat(flow.latencies().count()).isGreaterThanOrEqualTo(6);
            assertThat(flow.latencies().p99(0, Long.MAX_VALUE)).isPositive();
        }
    }

    @Test
    void aRequestWithoutItsAnswerHasFailed() throws Exception {
        try (ServerSocket server = server(1, false);
                HttpFlow flow = HttpFlow.start(new Target(server.getLocalPort(), "test"), 100, 1)) {
            until(() -> flow.failed() > 0);
            assertThat(flow.failures()).containsKey("closed without an answer");
        }
    }

    @Test
    void anEndOfRawTcpIsCountedAndTheConnectionOpenedAgain() throws Exception {
        try (Echo echo = Echo.start();
                TcpFlow flow = TcpFlow.start(echo.port(), 200, 2)) {
            until(() -> flow.words() >= 20);
            assertThat(flow.words()).isGreaterThanOrEqualTo(20);
            assertThat(flow.failures()).isEmpty();
            assertThat(flow.ends()).isEmpty();
        }
        try (ServerSocket server = server(0, true);
                TcpFlow flow = TcpFlow.start(server.getLocalPort(), 200, 1)) {
            until(() -> flow.ends().size() + flow.failures().size() >= 1);
            assertThat(flow.ends().size() + flow.failures().size()).isPositive();
        }
    }
}

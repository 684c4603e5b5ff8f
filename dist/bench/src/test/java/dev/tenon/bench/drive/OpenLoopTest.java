package dev.tenon.bench.drive;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.bench.drive.Exchange.Outcome;
import dev.tenon.bench.observe.Load;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
    @Test
    void everyRequestIsSentAtItsTimeAndAnswered() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Load load = against(200, asked, new OpenLoop(1000, 8));

        assertThat(asked).hasValue(300);
        assertThat(load.requests()).isEqualTo(300);
        assertThat(load.failures()).isZero();
        assertThat(load.seconds()).isBetween(0.29, 30.0);
        assertThat(load.p99Micros()).isGreaterThanOrEqualTo(load.p50Micros()).isPositive();
    }

    @Test
    void answersOtherThan200AreFailuresAndTheLoadGoesOn() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Load load = against(503, asked, new OpenLoop(1000, 1));

        assertThat(asked).hasValue(300);
        assertThat(load.requests()).isZero();
        assertThat(load.failures()).isEqualTo(300);
    }

    @Test
    void answerIsWholeWhenItsBodyIs() {
        String head = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\n";

        assertThat(scan(head.substring(0, 20))).isEqualTo(Outcome.WAIT);
        assertThat(scan(head + "1234")).isEqualTo(Outcome.WAIT);
        assertThat(scan(head + "12345")).isEqualTo(Outcome.ANSWERED);
        assertThat(scan(head + "123456")).isEqualTo(Outcome.FAILED);
        assertThat(scan("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")).isEqualTo(Outcome.FAILED);
        assertThat(scan("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")).isEqualTo(Outcome.REFUSED);
        assertThat(scan("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 4\r\n\r\nno")).isEqualTo(Outcome.WAIT);
    }

    private static Outcome scan(String text) {
        return Exchange.scan(text.getBytes(StandardCharsets.US_ASCII), text.length());
    }

    private static Load against(int status, AtomicInteger asked, OpenLoop loop) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        try {
            return loop.run(new Target(server.getAddress().getPort(), "bench.test"), 0.3);
        } finally {
            server.stop(0);
        }
    }
}

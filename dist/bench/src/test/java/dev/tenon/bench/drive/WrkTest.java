package dev.tenon.bench.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.bench.observe.Load;
import org.junit.jupiter.api.Test;

class WrkTest {
    private static final String OUTPUT =
            """
            Running 3s test @ http://127.0.0.1:18081/
              1 threads and 64 connections
              Latency Distribution
                 50%  980.00us
                 75%    1.07ms
                 90%    1.20ms
                 99%    6.35ms
              167627 requests in 3.10s, 34.85MB read
            """;

    @Test
    void countsAndPercentilesAreRead() {
        assertThat(Wrk.parse(OUTPUT)).isEqualTo(new Load(167_627, 0, 3.1, 980, 6350));
    }

    @Test
    void refusalsAndSocketErrorsAreFailures() {
        String bad = OUTPUT + "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 27\n";

        assertThat(Wrk.parse(bad)).isEqualTo(new Load(167_600, 37, 3.1, 980, 6350));
    }

    @Test
    void outputWithoutACountIsAnError() {
        assertThatThrownBy(() -> Wrk.parse("unable to connect")).hasMessageContaining("unable to connect");
    }
}

package dev.tenon.bench.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {
    @TempDir Path folder;

    @Test
    void whatAKernelLogsOfItsModulesIsReadAsItIsWritten() throws Exception {
        Path log = folder.resolve("log");
        Files.writeString(log, """
                2026-11-23T07:32:06.176Z INFO  proxy.listen  listener 127.0.0.1_45057 is open on /127.0.0.1:45057
                2026-11-23T07:32:06.598Z INFO  kernel.keep  agent unloaded 0.1.20.bench-6716b59a70c3
                2026-11-23T07:32:08.680Z INFO  kernel.keep  proxy switched 0.1.14.bench-40fb9a1edcd5: from 0.1.0-2f8f60e607c7 in 51""");
        Events events = new Events(log);

        assertThat(events.of("agent", "unloaded")).hasSize(1);
        assertThat(events.of("*", "switched")).as("half a line is no event yet").isEmpty();
        Files.writeString(log, " us, 48 of CPU; told in 120\n", StandardOpenOption.APPEND);
        assertThat(events.await(0, "proxy", event -> event.word().equals("switched"), 5).detail()).endsWith(" in 51 us, 48 of CPU; told in 120");
        assertThat(events.count()).isEqualTo(2);
    }

    @Test
    void aSwapThatFailsIsNotWaitedFor() throws IOException {
        Path log = folder.resolve("log");
        Files.writeString(log, "2026-11-23T07:32:06.598Z ERROR kernel.keep  proxy failed 0.1.9-1d94: no luck; 0.1.8-2e11 goes on\n");

        assertThatThrownBy(() -> new Events(log).await(0, "proxy", event -> event.word().equals("switched"), 60))
                .isInstanceOf(IOException.class)
                .hasMessage("proxy failed: no luck; 0.1.8-2e11 goes on");
    }
}

package dev.tenon.bench.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class KernelTest {
    @Test
    void processTimeIsFoundBehindAnyName() {
        assertThat(Kernel.parseProcess("42 (a) b (c) S 1 2 3 0 -1 4 5 6 7 8 120 30 9 9 20 0 1 0 5\n"))
                .isEqualTo(150);
    }

    @Test
    void coreTimeIsAllThatIsNotIdle() {
        String stat = "cpu  9 9 9 9 9 9 9 9 9 9\ncpu1 100 1 20 5000 300 3 4 7 50 0\ncpu10 8 8 8 8 8 8 8 8 8 8\n";

        assertThat(Kernel.parseCore(stat, 1)).isEqualTo(135);
        assertThatThrownBy(() -> Kernel.parseCore(stat, 2)).hasMessageContaining("no core 2");
    }

    @Test
    void memoryIsInMegabytesOfAMillionBytes() {
        assertThat(Kernel.parseResident("Name:\tx\nVmRSS:\t  100000 kB\n")).isEqualTo(102.4);
    }

    @Test
    void thisProcessHasTimeAndMemory() {
        long self = ProcessHandle.current().pid();

        assertThat(Kernel.processTicks(self)).isPositive();
        assertThat(Kernel.residentMegabytes(self)).isPositive();
        assertThat(Kernel.coreTicks(0)).isPositive();
    }

    @Test
    void processThatIsGoneIsAnError() {
        assertThatThrownBy(() -> Kernel.processTicks(Long.MAX_VALUE)).isInstanceOf(UncheckedIOException.class);
    }
}

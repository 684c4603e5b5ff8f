package dev.tenon.bench.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTest {
    private static final Load GOOD = new Load(1000, 0, 1, 100, 200);

    @Test
    void roundWithTheCoreToItselfCounts() {
        Round round = new Round("envoy", GOOD, new Usage(1_000_000, 900_000, 940_000));

        assertThat(round.counts()).isTrue();
        assertThat(round.cpuMicros()).isEqualTo(900);
    }

    @Test
    void foreignWorkOverFivePercentOfTheCoreVoidsARound() {
        Round round = new Round("envoy", GOOD, new Usage(1_000_000, 900_000, 960_000));

        assertThat(round.voided()).hasValue("foreign work on the core 6 %");
        assertThat(round.toString()).contains("void: foreign work on the core 6 %");
    }

    @Test
    void failedRequestsVoidARound() {
        assertThat(new Round("envoy", new Load(999, 1, 1, 1, 1), new Usage(1_000_000, 1, 1)).voided())
                .hasValue("1 requests failed");
        assertThat(new Round("envoy", new Load(0, 0, 1, 1, 1), new Usage(1_000_000, 1, 1)).counts())
                .isFalse();
    }

    @Test
    void ownTimeOverTheCoresIsNoForeignWork() {
        // Both are counted in ticks, so the proxy's may come out one higher.
        assertThat(new Usage(1_000_000, 910_000, 900_000).foreign()).isZero();
    }

    @Test
    void usageIsTheDifferenceOfTwoMoments() {
        Usage.Moment before = new Usage.Moment(7, 1, 1_000_000, 10, 100);
        Usage.Moment after = new Usage.Moment(7, 1, 2_001_000_000, 160, 290);

        assertThat(before.until(after)).isEqualTo(new Usage(2_000_000, 1_500_000, 1_900_000));
    }
}

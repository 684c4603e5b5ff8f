package dev.tenon.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.bench.judge.Slope.Sample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlopeTest {
    @Test
    void whatGrowsEvenlyGrowsByThatMuchWithEachStepWhateverTheNoise() {
        List<Sample> samples = IntStream.range(0, 50)
                .mapToObj(i -> new Sample(i * 20, 1000 + 3 * i * 20 + (i % 2 == 0 ? 5 : -5)))
                .toList();

        assertThat(Slope.of(samples)).isCloseTo(3, within(0.02));
    }

    @Test
    void twoSamplesSayNothing() {
        assertThat(Slope.of(List.of(new Sample(1, 1), new Sample(2, 2)))).isNull();
        assertThat(Slope.of(List.of(new Sample(1, 1), new Sample(1, 2), new Sample(1, 3)))).isNull();
    }
}

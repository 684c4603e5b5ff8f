package dev.tenon.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChanceTest {
    @Test
    void figuresThatAreAllAlikeLeaveNothingToChance() {
        assertThat(Chance.spread(List.of(900.0, 900.0, 900.0, 900.0, 900.0, 900.0))).isEqualTo(1);
    }

    @Test
    void theMoreFiguresDifferTheMoreChanceMakesOfThem() {
        Double calm = Chance.spread(IntStream.range(0, 24).mapToObj(i -> 1000.0 + i).toList());
        Double wild = Chance.spread(IntStream.range(0, 24).mapToObj(i -> 400.0 + 40 * i).toList());
        assertThat(calm).isBetween(1.001, 1.02);
        assertThat(wild).isBetween(1.1, 2.0);
    }

    @Test
    void oneFigureThatIsFarOffDecidesNothing() {
        List<Double> figures = IntStream.range(0, 24).mapToObj(i -> i == 7 ? 38_000.0 : 1000.0 + i).toList();
        assertThat(Chance.spread(figures)).isLessThan(1.03);
    }

    @Test
    void threeFiguresSayNothing() {
        assertThat(Chance.spread(List.of(1.0, 2.0, 3.0))).isNull();
    }
}

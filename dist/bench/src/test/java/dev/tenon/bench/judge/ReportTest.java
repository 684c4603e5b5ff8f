package dev.tenon.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void allBarsMetExitsWithZero() {
        assertThat(report(new Bar("a", 0.45, 0.45), new Bar("b", 1.2, 1.0)).exitCode()).isZero();
    }

    @Test
    void oneBarMissedExitsWithOneEvenWhenAnotherIsUnknown() {
        assertThat(report(new Bar("a", 0.45, 0.4501), new Bar("b", 1.2, null)).exitCode()).isEqualTo(1);
    }

    @Test
    void barWithoutMeasurementIsNeitherMetNorMissed() {
        Report report = report(new Bar("a", 0.45, null));

        assertThat(report.exitCode()).isEqualTo(2);
        assertThat(report.json()).contains("{\"figure\":\"a\",\"limit\":0.45,\"value\":null,\"ok\":null}");
    }

    @Test
    void reportIsOneLineOfJsonInTheOrderOfMeasurement() {
        Figures figures = new Figures().put("z", 12.3456).put("a", null).put("n", 3).put("word", "a \"b\"\n");
        Report report = new Report("x", figures.values(), List.of(new Bar("z", 20, 12.3456)), Map.of("cores", 2L));

        assertThat(report.json())
                .isEqualTo("{\"name\":\"x\",\"figures\":{\"z\":12.35,\"a\":null,\"n\":3,\"word\":\"a \\\"b\\\"\\u000a\"},"
                        + "\"bars\":[{\"figure\":\"z\",\"limit\":20,\"value\":12.35,\"ok\":true}],"
                        + "\"machine\":{\"cores\":2}}");
    }

    @Test
    void numbersThatAreNoneBecomeNull() {
        assertThat(Json.write(Arrays.asList(Double.NaN, Double.POSITIVE_INFINITY, 64321.5, 0.0)))
                .isEqualTo("[null,null,64320,0]");
    }

    @Test
    void ratioOfSomethingUnmeasuredIsUnmeasured() {
        Figures figures = new Figures().put("a", 12.0).put("b", null).put("zero", 0.0);

        assertThat(figures.ratio("r", "a", "b").bar("r", 1).ok()).isNull();
        assertThat(figures.ratio("r", "a", "missing").bar("r", 1).ok()).isNull();
        assertThat(figures.ratio("r", "a", "zero").bar("r", 1).ok()).isNull();
        assertThat(figures.ratio("r", "a", "a").bar("r", 1).ok()).isTrue();
    }

    @Test
    void medianIsTheMiddle() {
        assertThat(Figures.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Figures.median(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(3.0);
        assertThat(Figures.median(List.of())).isNull();
    }

    private static Report report(Bar... bars) {
        return new Report("x", Map.of(), List.of(bars), Map.of());
    }
}

package dev.tenon.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.observe.Load;
import dev.tenon.bench.observe.Round;
import dev.tenon.bench.observe.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterleavedTest {
    private static final long FAR = Long.MAX_VALUE;
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final Interleaved interleaved = new Interleaved(new PrintStream(told, true, StandardCharsets.UTF_8));
    private final List<String> order = new ArrayList<>();

    @Test
    void contestantsTakeTurnsAndTheFirstChanges() throws Exception {
        interleaved.run(List.of(turn("a", 10), turn("b", 10), turn("c", 10)), 3, 9, FAR);

        assertThat(String.join("", order)).isEqualTo("abcbcacab");
    }

    @Test
    void voidRoundsAreShownRepeatedAndNotCounted() throws Exception {
        Map<String, List<Round>> rounds = interleaved.run(List.of(turn("a", 10), turn("b", 900)), 2, 5, FAR);
        Figures figures = new Figures();
        Summary.of("s", rounds, figures);

        assertThat(rounds.get("b")).hasSize(5).noneMatch(Round::counts);
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("void: foreign work on the core 90 %");
        assertThat(figures.number("s.a.cpu_us")).isEqualTo(100.0);
        assertThat(figures.number("s.b.cpu_us")).isNull();
        assertThat(figures.values()).containsEntry("s.b.void", 5).containsEntry("s.b.rounds", 0);
    }

    @Test
    void contestantThatBreaksLeavesTheOthersTheirRounds() throws Exception {
        Turn broken = new Turn("b", () -> {
            throw new IOException("it died");
        });

        Map<String, List<Round>> rounds = interleaved.run(List.of(turn("a", 10), broken), 2, 3, FAR);

        assertThat(rounds.get("a")).hasSize(3);
        assertThat(rounds.get("b")).isEmpty();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("void: it died");
    }

    @Test
    void nothingIsMeasuredOnceTheTimeIsUp() throws Exception {
        assertThat(interleaved.run(List.of(turn("a", 10)), 2, 3, System.nanoTime() - 1).get("a")).isEmpty();
    }

    @Test
    void latencyOfTooFewRoundsIsNotTold() throws Exception {
        Map<String, List<Round>> rounds = interleaved.run(List.of(turn("a", 10)), 3, 3, FAR);
        Figures figures = new Figures();

        Summary.latencies("few", rounds, 9, figures);
        Summary.latencies("enough", rounds, 3, figures);

        assertThat(figures.number("few.a.p99_us")).isNull();
        assertThat(figures.number("enough.a.p99_us")).isEqualTo(70.0);
    }

    private Turn turn(String name, int foreignMillis) {
        return new Turn(name, () -> {
            order.add(name);
            Usage usage = new Usage(1_000_000, 100_000, 100_000 + foreignMillis * 1000L);
            return new Round(name, new Load(1000, 0, 1, 50, 70), usage);
        });
    }
}

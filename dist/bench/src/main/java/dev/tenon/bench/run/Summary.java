package dev.tenon.bench.run;

import dev.tenon.bench.judge.Figures;
import dev.tenon.bench.observe.Round;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Boils the rounds of a section down to medians. Pure. */
final class Summary {
    private Summary() {}

    /** Writes SECTION.CONTESTANT.cpu_us and the rest; null where no round counted. */
    static void of(String section, Map<String, List<Round>> rounds, Figures figures) {
        rounds.forEach((name, all) -> {
            String prefix = section + "." + name + ".";
            List<Round> counted = all.stream().filter(Round::counts).toList();
            figures.put(prefix + "cpu_us", median(counted, Round::cpuMicros));
            figures.put(prefix + "rps", median(counted, round -> round.load().rate()));
            figures.put(prefix + "busy", median(counted, round -> round.usage().busy()));
            figures.put(prefix + "rounds", counted.size());
            figures.put(prefix + "void", all.size() - counted.size());
        });
    }

    /** Writes the latencies too, of contestants with enough rounds that count; null for the others. */
    static void latencies(String section, Map<String, List<Round>> rounds, int enough, Figures figures) {
        rounds.forEach((name, all) -> {
            List<Round> counted = all.stream().filter(Round::counts).toList();
            List<Round> told = counted.size() >= enough ? counted : List.of();
            figures.put(section + "." + name + ".p50_us", median(told, round -> round.load().p50Micros()));
            figures.put(section + "." + name + ".p99_us", median(told, round -> round.load().p99Micros()));
        });
    }

    private static @Nullable Double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Figures.median(rounds.stream().mapToDouble(figure).boxed().toList());
    }
}

package dev.tenon.bench.run;

import dev.tenon.bench.observe.Round;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes turns in rounds, A B C, B C A, C A B and so on, so that what the machine does meanwhile meets all alike. Goes on
 * until every contestant has enough rounds that count, or the number of rounds or the time is used up.
 */
final class Interleaved {
    private final PrintStream out;

    Interleaved(PrintStream out) {
        this.out = out;
    }

    /** All rounds by the turn's name, void ones too. */
    Map<String, List<Round>> run(List<Turn> turns, int wanted, int most, long untilNanos) throws InterruptedException {
        Map<String, List<Round>> rounds = new LinkedHashMap<>();
        turns.forEach(turn -> rounds.put(turn.name(), new ArrayList<>()));
        List<Turn> order = new ArrayList<>(turns);
        for (int round = 1; round <= most && lacking(rounds, wanted); round++) {
            for (Turn turn : order) {
                if (System.nanoTime() > untilNanos) {
                    out.println("  out of time");
                    return rounds;
                }
                take(round, turn, rounds);
            }
            Collections.rotate(order, -1);
        }
        return rounds;
    }

    private void take(int number, Turn turn, Map<String, List<Round>> rounds) throws InterruptedException {
        try {
            Round round = turn.measurement().take();
            out.println("  " + number + " " + round);
            rounds.computeIfAbsent(turn.name(), name -> new ArrayList<>()).add(round);
        } catch (IOException | UncheckedIOException e) {
            out.println("  " + number + " " + turn.name() + "  void: " + e.getMessage());
        }
    }

    private static boolean lacking(Map<String, List<Round>> rounds, int wanted) {
        return rounds.values().stream()
                .anyMatch(taken -> taken.stream().filter(Round::counts).count() < wanted);
    }
}

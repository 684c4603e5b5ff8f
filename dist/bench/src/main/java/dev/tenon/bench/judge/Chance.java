package dev.tenon.bench.judge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What chance alone makes of a ratio of medians, when nothing differs. */
public final class Chance {
    private static final int SPLITS = 2_000;
    private static final int FEWEST = 4;
    private static final double SURE = 0.95;

    private Chance() {}

    /**
     * Splits figures of one contestant at random into two halves, again and again, and takes the medians' ratio: in 95 of 100 splits it
     * is no larger than what is given back. The same figures give the same answer.
     *
     * @return at least 1; null of fewer than four figures
     */
    public static @Nullable Double spread(List<Double> figures) {
        if (figures.size() < FEWEST) {
            return null;
        }
        List<Double> mixed = new ArrayList<>(figures);
        Random random = new Random(1);
        List<Double> ratios = new ArrayList<>();
        for (int split = 0; split < SPLITS; split++) {
            Collections.shuffle(mixed, random);
            int half = mixed.size() / 2;
            Double one = Figures.median(mixed.subList(0, half));
            Double other = Figures.median(mixed.subList(half, mixed.size()));
            if (one == null || other == null) {
                return null;
            }
            ratios.add(one / other);
        }
        Collections.sort(ratios);
        return Math.max(1, ratios.get((int) (SPLITS * SURE)));
    }
}

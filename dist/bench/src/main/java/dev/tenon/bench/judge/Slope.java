package dev.tenon.bench.judge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** By how much a figure grows with each step: the line of least squares through its samples. */
public final class Slope {
    /** One sample. */
    public record Sample(double step, double value) {}

    private Slope() {}

    /** Null of fewer than three samples, or of samples of one step. */
    public static @Nullable Double of(List<Sample> samples) {
        double steps = samples.stream().mapToDouble(Sample::step).average().orElse(0);
        double values = samples.stream().mapToDouble(Sample::value).average().orElse(0);
        double spread = samples.stream().mapToDouble(s -> (s.step() - steps) * (s.step() - steps)).sum();
        double together = samples.stream().mapToDouble(s -> (s.step() - steps) * (s.value() - values)).sum();
        return samples.size() < 3 || spread == 0 ? null : together / spread;
    }
}

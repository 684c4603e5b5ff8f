package dev.tenon.bench.judge;

import org.jspecify.annotations.Nullable;

/**
 * An upper limit that a figure must keep.
 *
 * @param figure the figure's name in the report
 * @param limit the highest value that is still good
 * @param value what was measured; null when nothing was
 */
public record Bar(String figure, double limit, @Nullable Double value) {
    /** Whether the limit was kept; null when nothing was measured, for then nobody knows. */
    public @Nullable Boolean ok() {
        return value == null ? null : value <= limit;
    }
}

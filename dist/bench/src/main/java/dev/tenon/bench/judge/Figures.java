package dev.tenon.bench.judge;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of a run by name, in the order in which they were measured. Not thread-safe. */
public final class Figures {
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Adds a figure; null says that it could not be measured. */
    public Figures put(String name, @Nullable Object value) {
        values.put(name, value);
        return this;
    }

    /** Adds the ratio of two figures; null where either is missing. */
    public Figures ratio(String name, String above, String below) {
        Double a = number(above);
        Double b = number(below);
        return put(name, a == null || b == null || b == 0 ? null : a / b);
    }

    /** A figure as a number; null when it is missing or was not measured. */
    public @Nullable Double number(String name) {
        return values.get(name) instanceof Number n ? n.doubleValue() : null;
    }

    /** Holds a figure against a limit. */
    public Bar bar(String name, double limit) {
        return new Bar(name, limit, number(name));
    }

    /** All figures. */
    public Map<String, @Nullable Object> values() {
        return values;
    }

    /** The median; null of nothing. */
    public static @Nullable Double median(Collection<Double> values) {
        if (values.isEmpty()) {
            return null;
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

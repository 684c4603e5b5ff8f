package dev.tenon.bench.judge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a benchmark found: the line of JSON it ends with, and its exit code. */
public record Report(String name, Map<String, @Nullable Object> figures, List<Bar> bars, Map<String, ?> machine) {
    /** A bar was not met. */
    public static final int MISSED = 1;
    /** No bar was missed, and one could not be measured. */
    public static final int UNKNOWN = 2;

    /** 0 when every bar is met, else {@link #MISSED} or {@link #UNKNOWN}. */
    public int exitCode() {
        if (bars.stream().anyMatch(bar -> Boolean.FALSE.equals(bar.ok()))) {
            return MISSED;
        }
        return bars.stream().anyMatch(bar -> bar.ok() == null) ? UNKNOWN : 0;
    }

    /** One line of JSON. */
    public String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.put("figures", figures);
        all.put("bars", bars.stream().map(Report::barFields).toList());
        all.put("machine", machine);
        return Json.write(all);
    }

    private static Map<String, @Nullable Object> barFields(Bar bar) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("figure", bar.figure());
        fields.put("limit", bar.limit());
        fields.put("value", bar.value());
        fields.put("ok", bar.ok());
        return fields;
    }
}

package dev.tenon.bench.judge;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, strings, numbers, booleans and null as one line of JSON (RFC 8259). */
final class Json {
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private Json() {}

    static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> {
                out.append('{');
                Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = entries.next();
                    string(String.valueOf(entry.getKey()), out);
                    out.append(':');
                    write(entry.getValue(), out);
                    out.append(entries.hasNext() ? "," : "");
                }
                out.append('}');
            }
            case Iterable<?> list -> {
                out.append('[');
                Iterator<?> items = list.iterator();
                while (items.hasNext()) {
                    write(items.next(), out);
                    out.append(items.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case Double number -> number(number, out);
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            default -> string(value.toString(), out);
        }
    }

    private static void number(double number, StringBuilder out) {
        if (Double.isFinite(number)) {
            out.append(new BigDecimal(number).round(FOUR_DIGITS).stripTrailingZeros().toPlainString());
        } else {
            out.append("null");
        }
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted(c));
                    } else {
                        out.append((char) c);
                    }
                }
            }
        });
        out.append('"');
    }
}

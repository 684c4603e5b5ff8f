package dev.tenon.samples.bookinfo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A JSON value; {@code toString} writes it, {@link JsonReader} reads it. */
sealed interface Json {
    /** An object; members keep their order. */
    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        Optional<String> text(String name) {
            return members.get(name) instanceof Str(String text) ? Optional.of(text) : Optional.empty();
        }

        Optional<Long> number(String name) {
            return members.get(name) instanceof Num(double number) ? Optional.of((long) number) : Optional.empty();
        }

        Optional<Obj> object(String name) {
            return members.get(name) instanceof Obj object ? Optional.of(object) : Optional.empty();
        }

        /** The objects of an array; empty when there is no such array. */
        List<Obj> objects(String name) {
            return members.get(name) instanceof Arr(List<Json> items)
                    ? items.stream().filter(Obj.class::isInstance).map(Obj.class::cast).toList()
                    : List.of();
        }

        @Override
        public String toString() {
            return members.entrySet().stream()
                    .map(member -> new Str(member.getKey()) + ":" + member.getValue())
                    .collect(Collectors.joining(",", "{", "}"));
        }
    }

    /** An array. */
    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return items.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]"));
        }
    }

    /** A string. */
    record Str(String text) implements Json {
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder(text.length() + 2).append('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '"', '\\' -> out.append('\\').append(c);
                    case '\n' -> out.append("\\n");
                    default -> {
                        // Surrogates are escaped one by one, so that half a pair stays what it is.
                        if (c < 0x20 || Character.isSurrogate(c)) {
                            out.append(String.format("\\u%04x", (int) c));
                        } else {
                            out.append(c);
                        }
                    }
                }
            }
            return out.append('"').toString();
        }
    }

    /** A number, with the precision of a double. */
    record Num(double number) implements Json {
        @Override
        public String toString() {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString((long) number)
                    : Double.toString(number);
        }
    }

    /** {@code true}, {@code false} or {@code null}. */
    enum Word implements Json {
        TRUE,
        FALSE,
        NULL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Starts an object. */
    static Builder object() {
        return new Builder();
    }

    /** Builds an object member by member; for one thread. */
    final class Builder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        Builder with(String name, Json value) {
            members.put(name, value);
            return this;
        }

        Builder with(String name, String value) {
            return with(name, new Str(value));
        }

        Builder with(String name, long value) {
            return with(name, new Num(value));
        }

        Obj build() {
            return new Obj(members);
        }
    }
}

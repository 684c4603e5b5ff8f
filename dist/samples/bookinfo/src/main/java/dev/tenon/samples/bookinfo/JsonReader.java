package dev.tenon.samples.bookinfo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON (RFC 8259), nested at most {@value #DEEPEST} deep; anything else is an IllegalArgumentException. */
final class JsonReader {
    private static final int DEEPEST = 32;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?");

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static Json read(String text) {
        JsonReader reader = new JsonReader(text);
        Json value = reader.value(0);
        reader.blank();
        if (reader.at < text.length()) {
            throw reader.wrong("the end");
        }
        return value;
    }

    private Json value(int depth) {
        if (depth > DEEPEST) {
            throw wrong("less nesting");
        }
        blank();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Str(string());
            case 't' -> word(Json.Word.TRUE);
            case 'f' -> word(Json.Word.FALSE);
            case 'n' -> word(Json.Word.NULL);
            default -> number();
        };
    }

    private Json object(int depth) {
        Map<String, Json> members = new LinkedHashMap<>();
        at++;
        if (!takes('}')) {
            do {
                blank();
                String name = string();
                need(':');
                members.put(name, value(depth + 1));
            } while (takes(','));
            need('}');
        }
        return new Json.Obj(members);
    }

    private Json array(int depth) {
        List<Json> items = new ArrayList<>();
        at++;
        if (!takes(']')) {
            do {
                items.add(value(depth + 1));
            } while (takes(','));
            need(']');
        }
        return new Json.Arr(items);
    }

    private String string() {
        if (peek() != '"') {
            throw wrong("a string");
        }
        StringBuilder out = new StringBuilder();
        for (at++; peek() != '"'; at++) {
            char c = peek();
            if (c < 0x20) {
                throw wrong("an end of the string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        at++;
        return switch (peek()) {
            case '"', '\\', '/' -> peek();
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int end = at + 5;
                if (end > text.length() || !text.substring(at + 1, end).matches("[0-9a-fA-F]{4}")) {
                    throw wrong("four hexadecimal digits");
                }
                char c = (char) Integer.parseInt(text.substring(at + 1, end), 16);
                at += 4;
                yield c;
            }
            default -> throw wrong("an escape");
        };
    }

    private Json number() {
        Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw wrong("a value");
        }
        double number = Double.parseDouble(matcher.group());
        if (!Double.isFinite(number)) {
            throw wrong("a number that a double can hold");
        }
        at = matcher.end();
        return new Json.Num(number);
    }

    private Json word(Json.Word word) {
        if (!text.startsWith(word.toString(), at)) {
            throw wrong(word.toString());
        }
        at += word.toString().length();
        return word;
    }

    private boolean takes(char wanted) {
        blank();
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void need(char wanted) {
        if (!takes(wanted)) {
            throw wrong("'" + wanted + "'");
        }
    }

    private void blank() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** The next character; NUL, which no JSON holds, after the last. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("JSON: expected " + expected + " at character " + at);
    }
}

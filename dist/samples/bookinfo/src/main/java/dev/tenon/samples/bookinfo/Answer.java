package dev.tenon.samples.bookinfo;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a service sends back: always text in UTF-8. */
record Answer(int status, String contentType, String body, Map<String, String> headers) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    static Answer html(String page, Map<String, String> headers) {
        return new Answer(200, "text/html; charset=utf-8", page, headers);
    }

    static Answer json(int status, Json value) {
        return new Answer(status, "application/json", value.toString(), Map.of());
    }

    static Answer error(int status, String message) {
        return json(status, Json.object().with("error", message).build());
    }

    static Answer notFound(Request request) {
        return error(404, "There is nothing at " + request.path());
    }

    static Answer notAllowed(String allowed) {
        return error(405, "Use " + allowed).with("Allow", allowed);
    }

    static Answer redirect(String location) {
        return new Answer(302, "text/plain; charset=utf-8", "See " + location + "\n", Map.of("Location", location));
    }

    Answer with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, Map.copyOf(more));
    }

    /**
     * The answer of a service with the two addresses that details, reviews and ratings have: {@code /health} and
     * {@code /<name>/<number>}.
     */
    static Answer byNumber(Request request, String name, String title, Function<String, Json> of) {
        if (!request.reads()) {
            return notAllowed("GET, HEAD");
        }
        if (request.path().equals("/health")) {
            return json(200, Json.object().with("status", title + " is healthy").build());
        }
        if (!request.path().startsWith("/" + name + "/")) {
            return notFound(request);
        }
        Matcher number = NUMBER.matcher(request.path().substring(name.length() + 2));
        return number.matches() ? json(200, of.apply(number.group())) : error(400, "please provide numeric product ID");
    }
}

package dev.tenon.samples.bookinfo;

import com.sun.net.httpserver.Headers;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a service sees of a request.
 *
 * @param path the decoded path, without the query
 * @param body the whole body as text, at most {@link Listener#MOST_BODY} bytes
 */
record Request(String method, String path, Headers headers, String body) {
    /** A header's values as one, or empty when it is absent. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> String.join(",", values));
    }

    /** The value of a cookie, or empty when the request carries none of that name. */
    Optional<String> cookie(String name) {
        return header("cookie").stream()
                .flatMap(all -> Arrays.stream(all.split("[;,]", -1)))
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    boolean reads() {
        return method.equals("GET") || method.equals("HEAD");
    }
}

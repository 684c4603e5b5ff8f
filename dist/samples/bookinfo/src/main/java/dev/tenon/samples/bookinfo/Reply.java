package dev.tenon.samples.bookinfo;

import java.util.Optional;

/**
 * Another service's answer.
 *
 * @param status its HTTP status, 500 when there was none, 502 when it was neither 200 nor an error
 * @param content the JSON object of a 200; empty for anything else
 */
record Reply(int status, Optional<Json.Obj> content) {
    private static final int BAD_GATEWAY = 502;

    /** No connection, no answer in time, or one that broke off. */
    static final Reply UNREACHABLE = new Reply(500, Optional.empty());

    static Reply of(int status, String body) {
        if (status != 200) {
            return new Reply(status < 400 ? BAD_GATEWAY : status, Optional.empty());
        }
        try {
            return JsonReader.read(body) instanceof Json.Obj object
                    ? new Reply(200, Optional.of(object))
                    : UNREACHABLE;
        } catch (IllegalArgumentException e) {
            return UNREACHABLE;
        }
    }
}

package dev.tenon.samples.bookinfo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The headers that a service passes on to the services it asks: those that tie one request's spans together, and those
 * by which a mesh recognises the user. All services of a call tree must do this; no proxy can do it for them.
 */
final class Passed {
    private static final List<String> NAMES = List.of(
            // request id and tracing: Envoy, B3, W3C, Lightstep, Datadog, Google, SkyWalking
            "x-request-id",
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags",
            "traceparent",
            "tracestate",
            "baggage",
            "x-ot-span-context",
            "x-datadog-trace-id",
            "x-datadog-parent-id",
            "x-datadog-sampling-priority",
            "x-cloud-trace-context",
            "grpc-trace-bin",
            "sw8",
            // who asks
            "end-user",
            "user-agent",
            "cookie",
            "authorization",
            "jwt");

    /** Headers of demonstrations, passed on whatever the rest of their name. */
    private static final String DEMO_PREFIX = "x-demo-";

    private Passed() {}

    /** What to pass on of a request; values that no header may carry are left out. */
    static Map<String, String> on(Request request) {
        Map<String, String> passed = new TreeMap<>();
        request.headers().forEach((header, values) -> {
            String name = header.toLowerCase(Locale.ROOT);
            String value = String.join(name.equals("cookie") ? "; " : ",", values);
            if ((NAMES.contains(name) || name.startsWith(DEMO_PREFIX)) && isHeaderValue(value)) {
                passed.put(name, value);
            }
        });
        return passed;
    }

    /** Whether the text is printable ASCII and so can stand in a header. */
    static boolean isHeaderValue(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }
}

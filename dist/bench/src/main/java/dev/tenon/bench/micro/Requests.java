package dev.tenon.bench.micro;

import dev.tenon.spi.policy.Attributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as policy sees it: what it asks for is there or is not. */
enum Requests implements Attributes {
    /** One to reviews. */
    REVIEWS;

    private static final Map<String, Object> PRESENT = Map.of(
            "request.method", "GET",
            "request.path", "/reviews/7",
            "request.headers", Map.of("x-user", "ann", "user-agent", "wrk", "host", "reviews"),
            "source.ip", "10.1.2.3",
            "destination.port", 9080L,
            "destination.service.host", "reviews.default.svc.cluster.local",
            "destination.namespace", "default");

    @Override
    public @Nullable Object get(String attribute) {
        return PRESENT.get(attribute);
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
        return PRESENT.get(attribute) instanceof Map<?, ?> map && map.get(key) instanceof String text ? text : null;
    }

    @Override
    public Attributes snapshot() {
        return this;
    }
}

package dev.tenon.samples.bookinfo;

import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says: where the other services are, how long to wait for them, and this process's name.
 *
 * @param pagePatience how long productpage waits for one answer of details, reviews or ratings
 * @param ratingsPatience how long reviews waits for ratings
 * @param podName the name a reviews answer carries; null for {@code reviews-<version>}
 */
record Settings(
        URI details,
        URI reviews,
        URI ratings,
        ProxySelector proxy,
        Duration pagePatience,
        Duration ratingsPatience,
        @Nullable String podName,
        String clusterName) {
    private static final Duration PAGE_PATIENCE = Duration.ofSeconds(3);
    private static final String RATINGS_PATIENCE_MS = "10000";
    private static final int LONGEST_MS = 600_000;

    /** Reads the variables; a value that cannot be used is an {@link IllegalArgumentException} that names it. */
    static Settings from(Map<String, String> environment) {
        return new Settings(
                service("details", environment),
                service("reviews", environment),
                service("ratings", environment),
                EnvironmentProxy.from(environment),
                PAGE_PATIENCE,
                Duration.ofMillis(number(environment, "RATINGS_TIMEOUT_MS", RATINGS_PATIENCE_MS, LONGEST_MS)),
                environment.get("POD_NAME"),
                environment.getOrDefault("CLUSTER_NAME", "local"));
    }

    private static URI service(String name, Map<String, String> environment) {
        String prefix = name.toUpperCase(Locale.ROOT);
        String host = environment.getOrDefault(prefix + "_HOSTNAME", name);
        String domain = environment.getOrDefault("SERVICES_DOMAIN", "");
        int port = number(environment, prefix + "_SERVICE_PORT", "9080", 65_535);
        String text = "http://" + host + (domain.isEmpty() ? "" : "." + domain) + ":" + port;
        URI uri = parse(text);
        if (uri == null || uri.getHost() == null || !uri.getPath().isEmpty() || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(prefix + "_HOSTNAME=" + host + ": expected a host name or an address");
        }
        return uri;
    }

    private static @Nullable URI parse(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int number(Map<String, String> environment, String name, String otherwise, int most) {
        String text = environment.getOrDefault(name, otherwise);
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(name + "=" + text + ": expected a number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }
}

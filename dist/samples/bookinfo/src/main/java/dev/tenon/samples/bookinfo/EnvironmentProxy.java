package dev.tenon.samples.bookinfo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The usual meaning of {@code HTTP_PROXY} and {@code NO_PROXY}, in small or capital letters, which the JDK does not
 * read by itself.
 *
 * <p>{@code NO_PROXY} is a list separated by commas: {@code *} for all hosts, a name or address for itself and what
 * lies below it ({@code example.com} and {@code .example.com} both cover {@code a.example.com}), each with an optional
 * {@code :port}. Networks in CIDR form are not understood.
 */
final class EnvironmentProxy extends ProxySelector {
    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

    private final List<Proxy> proxied;
    private final List<String> exceptions;

    private EnvironmentProxy(List<Proxy> proxied, List<String> exceptions) {
        this.proxied = proxied;
        this.exceptions = exceptions;
    }

    static EnvironmentProxy from(Map<String, String> environment) {
        String proxy = either(environment, "http_proxy", "HTTP_PROXY");
        List<String> exceptions = Arrays.stream(either(environment, "no_proxy", "NO_PROXY").split(",", -1))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList();
        return new EnvironmentProxy(proxy.isEmpty() ? DIRECT : List.of(parse(proxy)), exceptions);
    }

    private static String either(Map<String, String> environment, String first, String second) {
        String value = environment.get(first);
        return (value != null ? value : environment.getOrDefault(second, "")).strip();
    }

    private static Proxy parse(String text) {
        @Nullable URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            uri = null;
        }
        if (uri == null || !"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "HTTP_PROXY=" + text + ": expected http://ADDRESS:PORT without user or password");
        }
        return new Proxy(
                Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()));
    }

    @Override
    public List<Proxy> select(URI uri) {
        return exceptions.stream().anyMatch(entry -> covers(entry, uri)) ? DIRECT : proxied;
    }

    private static boolean covers(String entry, URI uri) {
        if (entry.equals("*")) {
            return true;
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String name = entry.startsWith(".") ? entry.substring(1) : entry;
        int colon = name.lastIndexOf(':');
        if (colon >= 0 && name.indexOf(':') == colon) {
            int port = uri.getPort() < 0 ? 80 : uri.getPort();
            if (!name.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            name = name.substring(0, colon);
        }
        return host.equals(name) || host.endsWith("." + name);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The caller gets the failure itself; there is no second proxy to prefer.
    }
}

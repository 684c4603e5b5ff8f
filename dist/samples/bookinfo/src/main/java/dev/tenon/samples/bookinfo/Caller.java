package dev.tenon.samples.bookinfo;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks another service over HTTP/1.1, through the proxy where there is one; connections are kept and used again.
 * Safe for many threads; a call blocks at most as long as its patience.
 */
final class Caller implements AutoCloseable {
    private static final int MOST_BODY = 1024 * 1024;

    private final ExecutorService threads;
    private final HttpClient client;

    private Caller(ExecutorService threads, HttpClient client) {
        this.threads = threads;
        this.client = client;
    }

    static Caller through(ProxySelector proxy) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxy)
                .executor(threads)
                .build();
        return new Caller(threads, client);
    }

    /** The whole answer within the patience; a failure of any kind is a {@link Reply} too, with status 500. */
    Reply get(URI service, String path, Map<String, String> headers, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path)).GET();
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BODY));
        try {
            HttpResponse<String> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Reply.of(response.statusCode(), response.body());
        } catch (TimeoutException | ExecutionException e) {
            answer.cancel(true);
            return Reply.UNREACHABLE;
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return Reply.UNREACHABLE;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}

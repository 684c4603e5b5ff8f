package dev.tenon.bench.contend;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What an Envoy asks for each request: it says OK, and counts how often it was asked. In this process; its CPU is nobody's. */
public final class RateLimitService extends RateLimitServiceGrpc.RateLimitServiceImplBase implements AutoCloseable {
    private final LongAdder asked = new LongAdder();
    private final Server server;

    private RateLimitService() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).directExecutor().addService(this).build().start();
    }

    /** Begins to listen. */
    public static RateLimitService start() throws IOException {
        return new RateLimitService();
    }

    public int port() {
        return server.getPort();
    }

    public long asked() {
        return asked.sum();
    }

    @Override
    public void shouldRateLimit(RateLimitRequest request, StreamObserver<RateLimitResponse> answer) {
        asked.increment();
        answer.onNext(RateLimitResponse.newBuilder().setOverallCode(RateLimitResponse.Code.OK).build());
        answer.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.tenon.bench.drive;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A proxy as far as endpoints go: an incremental stream that asks for those of one cluster. */
public final class EndpointWatch implements StreamObserver<DeltaDiscoveryResponse>, AutoCloseable {
    private static final String TYPE = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    /**
     * What the control plane said.
     *
     * @param nanos when it arrived, by {@link System#nanoTime}
     * @param endpoints how many may be called
     */
    public record Told(long nanos, int endpoints) {}

    private final ManagedChannel channel;
    private final StreamObserver<DeltaDiscoveryRequest> requests;
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    /** Connects and asks. */
    public EndpointWatch(int port, String cluster) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
        requests.onNext(DeltaDiscoveryRequest.newBuilder()
                .setNode(Node.newBuilder().setId("sidecar~127.0.0.1~bench.default~default.svc.cluster.local").setUserAgentName("bench"))
                .setTypeUrl(TYPE).addAllResourceNamesSubscribe(List.of(cluster)).build());
    }

    /** The next word, or null when there is none in time. */
    public @Nullable Told next(int seconds) throws InterruptedException {
        return told.poll(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
        long now = System.nanoTime();
        response.getResourcesList().forEach(resource -> {
            try {
                told.add(new Told(now, resource.getResource().unpack(ClusterLoadAssignment.class).getEndpointsList().stream()
                        .mapToInt(each -> each.getLbEndpointsCount()).sum()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        });
        synchronized (requests) {
            requests.onNext(DeltaDiscoveryRequest.newBuilder().setTypeUrl(TYPE).setResponseNonce(response.getNonce()).build());
        }
    }

    @Override
    public void onError(Throwable failure) {
        // Whoever waits for the next word is told by its absence.
    }

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

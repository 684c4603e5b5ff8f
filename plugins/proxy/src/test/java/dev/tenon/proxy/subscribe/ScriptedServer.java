package dev.tenon.proxy.subscribe;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An ADS server on loopback which says only what a test makes it say, and shows what it was told. */
public final class ScriptedServer implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 40;

  private final Server server;
  private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();

  private ScriptedServer(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(new Service())
            .build()
            .start();
  }

  /** Listens on a port of the system's choice. */
  public static ScriptedServer start() throws IOException {
    return new ScriptedServer(0);
  }

  /** Listens where another one did. */
  public static ScriptedServer start(int port) throws IOException {
    return new ScriptedServer(port);
  }

  /** Where it listens. */
  public int port() {
    return server.getPort();
  }

  /** The next stream that a client opened. */
  public Stream stream() throws InterruptedException {
    Stream stream = streams.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (stream == null) {
      throw new AssertionError("nobody opened a stream");
    }
    return stream;
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A resource for a response. */
  public static io.envoyproxy.envoy.service.discovery.v3.Resource resource(
      String name, String version, Message body) {
    return io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
        .setName(name)
        .setVersion(version)
        .setResource(Any.pack(body))
        .build();
  }

  private final class Service
      extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
        StreamObserver<DeltaDiscoveryResponse> responses) {
      Stream stream = new Stream(responses);
      streams.add(stream);
      return stream;
    }
  }

  /** One client's stream. */
  public static final class Stream implements StreamObserver<DeltaDiscoveryRequest> {
    private final StreamObserver<DeltaDiscoveryResponse> responses;
    private final BlockingQueue<DeltaDiscoveryRequest> requests = new LinkedBlockingQueue<>();
    private int nonces;

    Stream(StreamObserver<DeltaDiscoveryResponse> responses) {
      this.responses = responses;
    }

    /** The next request of a kind; those of other kinds stay for later. */
    public DeltaDiscoveryRequest request(Kind kind) throws InterruptedException {
      return request(each -> each.getTypeUrl().equals(kind.typeUrl()), "a request of " + kind);
    }

    /** The answer to a response. */
    public DeltaDiscoveryRequest answer(String nonce) throws InterruptedException {
      return request(each -> each.getResponseNonce().equals(nonce), "an answer to " + nonce);
    }

    private DeltaDiscoveryRequest request(Predicate<DeltaDiscoveryRequest> wanted, String what)
        throws InterruptedException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      java.util.List<DeltaDiscoveryRequest> others = new java.util.ArrayList<>();
      try {
        while (true) {
          DeltaDiscoveryRequest next =
              requests.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
          if (next == null) {
            throw new AssertionError("expected " + what + ", got only " + others);
          }
          if (wanted.test(next)) {
            return next;
          }
          others.add(next);
        }
      } finally {
        requests.addAll(others);
      }
    }

    /** Whether a request of a kind is waiting. */
    public boolean hasRequest(Kind kind) {
      return requests.stream().anyMatch(each -> each.getTypeUrl().equals(kind.typeUrl()));
    }

    /** Sends resources; returns the nonce. */
    public String send(Kind kind, io.envoyproxy.envoy.service.discovery.v3.Resource... resources) {
      return send(DeltaDiscoveryResponse.newBuilder().addAllResources(java.util.List.of(resources)), kind);
    }

    /** Says that resources are no more; returns the nonce. */
    public String remove(Kind kind, String... names) {
      return send(DeltaDiscoveryResponse.newBuilder().addAllRemovedResources(java.util.List.of(names)), kind);
    }

    /** Sends any response; returns the nonce. */
    public String send(DeltaDiscoveryResponse.Builder response, Kind kind) {
      String nonce = "n" + ++nonces;
      responses.onNext(response.setTypeUrl(kind.typeUrl()).setNonce(nonce).build());
      return nonce;
    }

    /** Breaks the stream. */
    public void fail() {
      responses.onError(io.grpc.Status.UNAVAILABLE.withDescription("going away").asException());
    }

    @Override
    public void onNext(DeltaDiscoveryRequest request) {
      requests.add(request);
    }

    @Override
    public void onError(Throwable problem) {}

    @Override
    public void onCompleted() {}
  }
}

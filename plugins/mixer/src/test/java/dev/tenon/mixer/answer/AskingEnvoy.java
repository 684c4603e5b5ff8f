package dev.tenon.mixer.answer;

import dev.tenon.wire.peer.Peers;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.HTTPAccessLogEntries;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What an Envoy asks, over a real socket. */
final class AskingEnvoy implements AutoCloseable {
  private final Server server;
  private final ManagedChannel socket;
  private final Channel channel;

  /**
   * One that asks these services.
   *
   * @param called what pilot had it say of the called side; empty for nothing
   * @param uris the names in its host's credential; none on the same machine
   */
  AskingEnvoy(List<BindableService> services, String called, List<String> uris) {
    NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    services.forEach(
        each ->
            builder.addService(
                ServerInterceptors.intercept(
                    each,
                    new io.grpc.ServerInterceptor() {
                      @Override
                      public <Q, R> io.grpc.ServerCall.Listener<Q> interceptCall(
                          io.grpc.ServerCall<Q, R> call, Metadata headers, io.grpc.ServerCallHandler<Q, R> next) {
                        return Contexts.interceptCall(Context.current().withValue(Peers.URIS, uris), call, headers, next);
                      }
                    })));
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    socket = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    Metadata metadata = new Metadata();
    if (!called.isEmpty()) {
      metadata.put(Metadata.Key.of("tenon-called", Metadata.ASCII_STRING_MARSHALLER), called);
    }
    channel = ClientInterceptors.intercept(socket, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  /** Asks whether a request may go on. */
  CheckResponse check(String source, Map<String, String> headers, Map<String, String> extensions) {
    return AuthorizationGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .check(
            CheckRequest.newBuilder()
                .setAttributes(
                    AttributeContext.newBuilder()
                        .setSource(AttributeContext.Peer.newBuilder().setAddress(address(source)))
                        .setRequest(
                            AttributeContext.Request.newBuilder()
                                .setHttp(
                                    AttributeContext.HttpRequest.newBuilder().setMethod("GET").setPath("/reviews/1?page=2%203").setHost("reviews").putAllHeaders(headers)))
                        .putAllContextExtensions(extensions))
                .build());
  }

  CheckResponse check(Map<String, String> headers) {
    return check("127.0.0.9", headers, Map.of());
  }

  /** Asks whether anything is left. */
  RateLimitResponse limit(Map<String, String> entries) {
    RateLimitDescriptor.Builder descriptor = RateLimitDescriptor.newBuilder();
    entries.forEach((key, value) -> descriptor.addEntries(RateLimitDescriptor.Entry.newBuilder().setKey(key).setValue(value)));
    return ask(RateLimitRequest.newBuilder().setDomain("tenon").addDescriptors(descriptor).build());
  }

  RateLimitResponse ask(RateLimitRequest request) {
    return RateLimitServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS).shouldRateLimit(request);
  }

  /** Tells of requests that are over. */
  void log(HTTPAccessLogEntry... entries) {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    StreamObserver<StreamAccessLogsMessage> log = open(taken);
    log.onNext(StreamAccessLogsMessage.newBuilder().setHttpLogs(HTTPAccessLogEntries.newBuilder().addAllLogEntry(List.of(entries))).build());
    log.onCompleted();
    taken.orTimeout(40, TimeUnit.SECONDS).join();
  }

  /** Begins to tell and goes on; the future ends when the service ends it. */
  CompletableFuture<Boolean> openLog() {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    open(ended).onNext(StreamAccessLogsMessage.getDefaultInstance());
    return ended;
  }

  private StreamObserver<StreamAccessLogsMessage> open(CompletableFuture<Boolean> ended) {
    return AccessLogServiceGrpc.newStub(channel)
        .streamAccessLogs(
            new StreamObserver<>() {
              @Override
              public void onNext(StreamAccessLogsResponse response) {}

              @Override
              public void onError(Throwable cause) {
                ended.completeExceptionally(cause);
              }

              @Override
              public void onCompleted() {
                ended.complete(true);
              }
            });
  }

  static Address address(String ip) {
    return Address.newBuilder().setSocketAddress(SocketAddress.newBuilder().setAddress(ip).setPortValue(4711)).build();
  }

  @Override
  public void close() {
    socket.shutdownNow();
    server.shutdownNow();
  }
}

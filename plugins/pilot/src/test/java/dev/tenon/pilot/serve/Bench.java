package dev.tenon.pilot.serve;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.support.AdsServer;
import dev.tenon.pilot.support.DeltaClient;
import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.support.WholeClient;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.TypeStatus;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server with a town behind it, and clients of it, on loopback. */
final class Bench implements AutoCloseable {
  static final Proxy PRODUCTPAGE = Town.sidecar("productpage-v1", "127.0.0.11");

  final Town town = Town.bookinfo();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private AdsServer server;

  Bench() throws IOException {
    this(new Limits(100, 100, 100, Duration.ofSeconds(30), Duration.ofSeconds(30)));
  }

  Bench(Limits limits) throws IOException {
    server = new AdsServer(0, limits);
    tell();
  }

  /** Makes the town's present state known, and waits until every stream has been left word of it. */
  void tell() {
    server.tell(town);
    hub().status().toCompletableFuture().join();
  }

  Hub hub() {
    return server.hub();
  }

  /** A new server on another port takes the old one's place. */
  void replaceServer() throws IOException {
    server.close();
    server = new AdsServer(0, Limits.DEFAULT);
    tell();
  }

  DeltaClient delta(Proxy proxy) {
    return new DeltaClient(channel(), node(proxy), true);
  }

  DeltaClient deltaThatDoesNotRead(Proxy proxy) {
    return new DeltaClient(channel(), node(proxy), false);
  }

  DeltaClient delta(Node node) {
    return new DeltaClient(channel(), node, true);
  }

  WholeClient whole(Proxy proxy) {
    return new WholeClient(channel(), node(proxy));
  }

  /** How a type of a connected proxy stands, once all that was told before has been worked on. */
  TypeStatus standing(Proxy proxy, ResourceType type) {
    ProxyStatus status =
        hub().status().toCompletableFuture().join().stream()
            .filter(each -> each.getNode().equals(proxy.id()))
            .findFirst()
            .orElseThrow();
    return status.getTypesList().stream()
        .filter(each -> each.getType().equals(type.name()))
        .findFirst()
        .orElseThrow();
  }

  static Node node(Proxy proxy) {
    Struct config =
        Struct.newBuilder()
            .putFields("proxyHttpPort", Value.newBuilder().setNumberValue(proxy.httpProxyPort()).build())
            .build();
    return Node.newBuilder()
        .setId(proxy.id())
        .setUserAgentName(proxy.tenon() ? "tenon" : "envoy")
        .setMetadata(
            Struct.newBuilder()
                .putFields("NAME", text(proxy.name()))
                .putFields("NAMESPACE", text(proxy.namespace()))
                .putFields("TENON_OUTBOUND_BIND", text(proxy.outboundBind()))
                .putFields("PROXY_CONFIG", Value.newBuilder().setStructValue(config).build()))
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private ManagedChannel channel() {
    ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
  }
}

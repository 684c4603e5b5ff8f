package dev.tenon.kernel.boot;

import com.google.protobuf.ByteString;
import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import dev.tenon.wire.admin.v1.InstallHead;
import dev.tenon.wire.admin.v1.InstallModuleRequest;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import io.grpc.Attributes;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An operator of the process over a {@link Ground}, with a connection for each thing he asks from afar. */
final class Operator implements AutoCloseable {
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Ground ground;
  private @Nullable ManagedChannel local;

  Operator(Ground ground) {
    this.ground = ground;
  }

  /** Over the administration socket. */
  Channel local() {
    if (local == null) {
      local = kept(NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(ground.run.resolve("admin.sock")))
          .eventLoopGroup(loop).channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).usePlaintext().build());
    }
    return local;
  }

  private ManagedChannel kept(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  /** Over TLS, with a token. */
  Channel remote(int port, Path authority, String token) throws Exception {
    return remote("127.0.0.1", port, authority, token);
  }

  /** The same from another address of this machine. */
  Channel remote(String from, int port, Path authority, String token) throws Exception {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return kept(NettyChannelBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
        .eventLoopGroup(loop).channelType(NioSocketChannel.class).overrideAuthority("localhost")
        .sslContext(GrpcSslContexts.forClient().trustManager(authority.toFile()).build())
        .localSocketPicker(new NettyChannelBuilder.LocalSocketPicker() {
          @Override
          public SocketAddress createSocketAddress(SocketAddress to, Attributes attributes) {
            return new InetSocketAddress(from, 0);
          }
        })
        .intercept(MetadataUtils.newAttachHeadersInterceptor(headers)).build());
  }

  /** Gives a jar in. */
  static ChangeModuleResponse send(Channel channel, Path jar, String name, boolean swap) {
    try {
      byte[] bytes = Files.readAllBytes(jar);
      CompletableFuture<ChangeModuleResponse> answer = new CompletableFuture<>();
      StreamObserver<InstallModuleRequest> pieces = ModuleAdminGrpc.newStub(channel).install(new StreamObserver<>() {
        @Override
        public void onNext(ChangeModuleResponse response) {
          answer.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
          answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}
      });
      pieces.onNext(InstallModuleRequest.newBuilder().setHead(InstallHead.newBuilder().setFileName(name).setSize(bytes.length).setSwap(swap)).build());
      for (int at = 0; at < bytes.length; at += 1000) {
        pieces.onNext(InstallModuleRequest.newBuilder().setPiece(ByteString.copyFrom(bytes, at, Math.min(1000, bytes.length - at))).build());
      }
      pieces.onCompleted();
      return answer.get(60, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw Status.fromThrowable(e.getCause()).asRuntimeException();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

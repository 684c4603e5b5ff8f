package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.ConfigAdminGrpc;
import dev.tenon.wire.admin.v1.ConfigAdminGrpc.ConfigAdminBlockingStub;
import dev.tenon.wire.admin.v1.ConsulAdminGrpc;
import dev.tenon.wire.admin.v1.ConsulAdminGrpc.ConsulAdminBlockingStub;
import dev.tenon.wire.admin.v1.HostAdminGrpc;
import dev.tenon.wire.admin.v1.HostAdminGrpc.HostAdminBlockingStub;
import dev.tenon.wire.admin.v1.MeshAdminGrpc;
import dev.tenon.wire.admin.v1.MeshAdminGrpc.MeshAdminBlockingStub;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc.ModuleAdminBlockingStub;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc.ModuleAdminStub;
import dev.tenon.wire.admin.v1.PolicyAdminGrpc;
import dev.tenon.wire.admin.v1.PolicyAdminGrpc.PolicyAdminBlockingStub;
import dev.tenon.wire.admin.v1.TokenAdminGrpc;
import dev.tenon.wire.admin.v1.TokenAdminGrpc.TokenAdminBlockingStub;
import dev.tenon.wire.admin.v1.WorkloadAdminGrpc;
import dev.tenon.wire.admin.v1.WorkloadAdminGrpc.WorkloadAdminBlockingStub;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A connection to one process's administration. Close it after use. */
public final class AdminSocket implements AutoCloseable {
  private static final int LARGEST_ANSWER = 64 << 20;
  private static final int DEADLINE_SECONDS = 30;

  /** A change waits for start, readiness and the switch; the kernel bounds each of them. */
  private static final int CHANGE_SECONDS = 300;

  private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final MultiThreadIoEventLoopGroup loop;
  private final ManagedChannel channel;

  /**
   * Prepares a connection on this machine; the first call makes it.
   *
   * @throws Refused when there is no such socket
   */
  public AdminSocket(Path socket) {
    if (!Files.exists(socket)) {
      throw new Refused(
          "no process administers itself at "
              + socket
              + ". Start a control plane with 'tenon run --profile control-plane', or name its socket with --target.");
    }
    loop = loop();
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(loop)
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .overrideAuthority("localhost")
            .maxInboundMessageSize(LARGEST_ANSWER)
            .usePlaintext()
            .build();
  }

  private AdminSocket(MultiThreadIoEventLoopGroup loop, ManagedChannel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /**
   * Prepares a connection to another machine: TLS, and a token with each call.
   *
   * @param serverName the name in the process's certificate; empty when it is the host
   * @param authorities PEM certificates to trust; null for the JVM's own
   * @throws Refused when those certificates cannot be used
   */
  static AdminSocket remote(String host, int port, String serverName, @Nullable Path authorities, String token) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    ClientInterceptor authorization = MetadataUtils.newAttachHeadersInterceptor(headers);
    MultiThreadIoEventLoopGroup loop = loop();
    try {
      SslContextBuilder tls = GrpcSslContexts.forClient();
      if (authorities != null) {
        tls.trustManager(authorities.toFile());
      }
      NettyChannelBuilder builder =
          NettyChannelBuilder.forAddress(host, port)
              .eventLoopGroup(loop)
              .channelType(EpollSocketChannel.class)
              .sslContext(tls.build())
              .intercept(authorization)
              .maxInboundMessageSize(LARGEST_ANSWER);
      if (!serverName.isEmpty()) {
        builder.overrideAuthority(serverName);
      }
      return new AdminSocket(loop, builder.build());
    } catch (SSLException | IllegalArgumentException e) {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new Refused("TLS to " + host + ":" + port + " cannot be set up: " + e.getMessage());
    }
  }

  private static MultiThreadIoEventLoopGroup loop() {
    return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  /** Galley's part. */
  public ConfigAdminBlockingStub config() {
    return ConfigAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Pilot's part. */
  public MeshAdminBlockingStub mesh() {
    return MeshAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Mixer's part. Counters that lie in Redis take a while to look at. */
  public PolicyAdminBlockingStub policy() {
    return PolicyAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** The part of Consul's registry. */
  public ConsulAdminBlockingStub consul() {
    return ConsulAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** The kernel's part: questions. */
  public ModuleAdminBlockingStub modules() {
    return ModuleAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** The kernel's part: changes, which are answered when they are in effect. */
  public ModuleAdminBlockingStub changes() {
    return ModuleAdminGrpc.newBlockingStub(channel).withDeadlineAfter(CHANGE_SECONDS, TimeUnit.SECONDS);
  }

  /** The same, for a jar that is sent in pieces. */
  public ModuleAdminStub uploads() {
    return ModuleAdminGrpc.newStub(channel).withDeadlineAfter(CHANGE_SECONDS, TimeUnit.SECONDS);
  }

  /** Who may administer from afar. */
  public TokenAdminBlockingStub tokens() {
    return TokenAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Who is registered on bare machines. */
  public WorkloadAdminBlockingStub workloads() {
    return WorkloadAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Who may join from machines of their own, and who has. */
  public HostAdminBlockingStub hosts() {
    return HostAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

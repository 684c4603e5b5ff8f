package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.ConfigAdminGrpc;
import dev.tenon.wire.admin.v1.ConfigAdminGrpc.ConfigAdminBlockingStub;
import dev.tenon.wire.admin.v1.MeshAdminGrpc;
import dev.tenon.wire.admin.v1.MeshAdminGrpc.MeshAdminBlockingStub;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc.ModuleAdminBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A connection to one process's administration socket. Close it after use. */
public final class AdminSocket implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 30;
  private final MultiThreadIoEventLoopGroup loop;
  private final ManagedChannel channel;

  /**
   * Prepares a connection; the first call makes it.
   *
   * @throws Refused when there is no such socket
   */
  public AdminSocket(Path socket) {
    if (!Files.exists(socket)) {
      throw new Refused(
          "no process administers itself at "
              + socket
              + ". Start a control plane with 'tenon run --profile control-plane', or name its socket with --socket.");
    }
    loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(loop)
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .overrideAuthority("localhost")
            .maxInboundMessageSize(64 << 20)
            .usePlaintext()
            .build();
  }

  /** Galley's part. */
  public ConfigAdminBlockingStub config() {
    return ConfigAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Pilot's part. */
  public MeshAdminBlockingStub mesh() {
    return MeshAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** The kernel's part. */
  public ModuleAdminBlockingStub modules() {
    return ModuleAdminGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

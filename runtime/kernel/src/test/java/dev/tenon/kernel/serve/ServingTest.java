package dev.tenon.kernel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.ports.BindFailure;
import dev.tenon.spi.stream.Cell;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingTest {
  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
  @TempDir Path directory = Path.of(".");
  private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Cell<List<Offer<BindableService>>> offers = new Cell<>(List.of());
  private final Serving serving = new Serving(offers, loops, true);

  @AfterEach
  void close() {
    serving.close();
    loops.shutdownGracefully();
  }

  @Test
  void administrationIsServedOnASocketOfItsOwnersAlone() throws IOException {
    Path socket = directory.resolve("admin.sock");
    serving.openAdmin(socket);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
    assertThat(profileAt(socketChannel(socket), "first")).isEqualTo("first");
    assertThat(profileAt(socketChannel(socket), "second")).isEqualTo("second");
    serving.close();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void administrationIsNotServedToTheMesh() throws IOException {
    InetSocketAddress address = (InetSocketAddress) serving.openMesh(ANY);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address).eventLoopGroup(loops).channelType(EpollSocketChannel.class).usePlaintext().build();
    assertThatThrownBy(() -> profileAt(channel, "any"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    InetSocketAddress address = (InetSocketAddress) serving.openMesh(ANY);
    assertThatThrownBy(() -> serving.openMesh(address))
        .isInstanceOf(BindFailure.class)
        .hasMessageContaining("127.0.0.1:" + address.getPort());
  }

  @Test
  void aSocketPathThatTheSystemCannotHoldIsRefusedWithARemedy() {
    Path deep = directory.resolve("d".repeat(100)).resolve("admin.sock");
    assertThatThrownBy(() -> serving.openAdmin(deep)).hasMessageContaining("set run.directory to a shorter one");
  }

  /** Offers an answer, asks for it, and closes the channel. */
  private String profileAt(ManagedChannel channel, String profile) {
    offers.set(List.of(new Offer<>("kernel", "1", new Answering(profile))));
    try {
      return ModuleAdminGrpc.newBlockingStub(channel).list(ListModulesRequest.getDefaultInstance()).getProfile();
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel socketChannel(Path socket) {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
        .eventLoopGroup(loops)
        .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
        .overrideAuthority("localhost")
        .usePlaintext()
        .build();
  }

  private static final class Answering extends ModuleAdminGrpc.ModuleAdminImplBase {
    private final String profile;

    Answering(String profile) {
      this.profile = profile;
    }

    @Override
    public void list(ListModulesRequest request, StreamObserver<ListModulesResponse> observer) {
      observer.onNext(ListModulesResponse.newBuilder().setProfile(profile).build());
      observer.onCompleted();
    }
  }
}

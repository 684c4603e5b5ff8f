package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.StopRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boot as the command uses it: exit codes, messages, the administration socket. */
class BootTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path home = Path.of("");
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @BeforeEach
  void distribution() throws Exception {
    home = TestHome.make(folder.resolve("home"));
  }

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private int boot(String... sets) {
    List<String> all = Stream.concat(Stream.of("run.directory=" + folder.resolve("r")), Stream.of(sets)).toList();
    return Boot.run(new BootOptions(home, "0.1.0", "test", List.of(), all), new PrintStream(errors, true, StandardCharsets.UTF_8));
  }

  private String errors() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  private ManagedChannel channel(SocketAddress address) {
    return NettyChannelBuilder.forAddress(address)
        .eventLoopGroup(loop)
        .channelType(address instanceof UnixDomainSocketAddress ? NioDomainSocketChannel.class : NioSocketChannel.class,
            address.getClass())
        .usePlaintext()
        .build();
  }

  private Jars jar() throws Exception {
    return new Jars(Files.createDirectories(folder.resolve("work")));
  }

  @Test
  void theAdministrationSocketIsItsOwnersAloneAndAnswersAndStops() throws Exception {
    jar().module("idle", "return () -> {};").write(home.resolve("modules/idle.jar"));
    CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> boot("modules=[idle]"));
    Path socket = folder.resolve("r/admin.sock");
    await().atMost(SOON).until(() -> Files.exists(socket));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
    ManagedChannel channel = channel(UnixDomainSocketAddress.of(socket));
    var admin = ModuleAdminGrpc.newBlockingStub(channel);
    await().atMost(SOON).until(() -> admin.list(ListModulesRequest.getDefaultInstance()).getReady());
    ListModulesResponse list = admin.list(ListModulesRequest.getDefaultInstance());
    assertThat(list.getPid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(list.getModulesList()).singleElement().satisfies(each -> {
      assertThat(each.getName()).isEqualTo("idle");
      assertThat(each.getState()).isEqualTo("active");
      assertThat(each.getBuild()).startsWith("1.0.0-");
    });
    assertThat(list.getEventsList()).isNotEmpty();
    admin.stop(StopRequest.getDefaultInstance());
    assertThat(code.get(60, TimeUnit.SECONDS)).isZero();
    assertThat(folder.resolve("r")).isDirectoryNotContaining("glob:**/{admin.sock,lock,cache}");
    channel.shutdownNow();
  }

  @Test
  void administrationIsNotOnTheMeshPort() throws Exception {
    int port = freePort();
    CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> boot("kernel.grpc.address=127.0.0.1:" + port));
    Path socket = folder.resolve("r/admin.sock");
    await().atMost(SOON).until(() -> Files.exists(socket));
    ManagedChannel mesh = channel(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    await().atMost(SOON).untilAsserted(() -> {
      try {
        ModuleAdminGrpc.newBlockingStub(mesh).list(ListModulesRequest.getDefaultInstance());
        assertThat(true).as("it answered").isFalse();
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      }
    });
    mesh.shutdownNow();
    ManagedChannel admin = channel(UnixDomainSocketAddress.of(socket));
    ModuleAdminGrpc.newBlockingStub(admin).stop(StopRequest.getDefaultInstance());
    assertThat(code.get(60, TimeUnit.SECONDS)).isZero();
    admin.shutdownNow();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aTakenPortEndsItWithOneAndSaysWhoHasIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(boot("kernel.grpc.address=127.0.0.1:" + taken.getLocalPort())).isEqualTo(Boot.FAILED);
      assertThat(errors()).contains("127.0.0.1:" + taken.getLocalPort()).contains("taken by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aModuleThatCannotBindEndsItWithOneAndSaysWhoHasThePort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      jar().module("web", "context.ports().listen(new java.net.InetSocketAddress(\"127.0.0.1\", " + taken.getLocalPort()
          + "), (channel, early) -> channel.close()); return () -> {};").write(home.resolve("modules/web.jar"));
      assertThat(boot("modules=[web]")).isEqualTo(Boot.FAILED);
      assertThat(errors()).contains("module web").contains("taken by process");
    }
  }

  @Test
  void badSettingsEndItWithTwoAndSayEverything() throws Exception {
    assertThat(boot("kernel.loops=many", "kernel.nonsense=1")).isEqualTo(Boot.BAD_CONFIG);
    assertThat(errors().lines()).hasSize(2);
  }

  @Test
  void badSettingsOfAModuleEndItWithTwo() throws Exception {
    jar().module("strict", "var fields = context.settings(); fields.whole(\"size\", 1, 9); fields.finish(); return () -> {};")
        .header("Import-Package", "org.osgi.framework,dev.tenon.spi.lifecycle,dev.tenon.spi.config")
        .write(home.resolve("modules/strict.jar"));
    assertThat(boot("modules=[strict]", "strict.size=10", "strict.colour=red")).isEqualTo(Boot.BAD_CONFIG);
    assertThat(errors()).contains("strict.size").contains("strict.colour").contains("--set strict.size");
  }

  @Test
  void aModuleWithoutAJarIsNamed() {
    assertThat(boot("modules=[ghost]")).isEqualTo(Boot.FAILED);
    assertThat(errors()).contains("needs the module ghost");
  }

  @Test
  void aRunDirectoryInUseIsSaid() throws Exception {
    RunDirectory taken = RunDirectory.take(folder.resolve("r"));
    assertThat(boot()).isEqualTo(Boot.FAILED);
    assertThat(errors()).contains("in use by process " + ProcessHandle.current().pid());
    taken.close();
  }
}

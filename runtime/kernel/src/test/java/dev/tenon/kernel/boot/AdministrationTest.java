package dev.tenon.kernel.boot;

import static dev.tenon.kernel.boot.Ground.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tenon.kernel.trust.Signer;
import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import dev.tenon.wire.admin.v1.CreateTokenRequest;
import dev.tenon.wire.admin.v1.CreateTokenResponse;
import dev.tenon.wire.admin.v1.InstallHead;
import dev.tenon.wire.admin.v1.InstallModuleRequest;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListTokensRequest;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.ModuleEvent;
import dev.tenon.wire.admin.v1.ModuleHistoryRequest;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.wire.admin.v1.ModuleMetricsRequest;
import dev.tenon.wire.admin.v1.PlanModulesRequest;
import dev.tenon.wire.admin.v1.PlannedStep;
import dev.tenon.wire.admin.v1.RemoveModuleRequest;
import dev.tenon.wire.admin.v1.RevokeTokenRequest;
import dev.tenon.wire.admin.v1.RollbackModuleRequest;
import dev.tenon.wire.admin.v1.ShowModuleRequest;
import dev.tenon.wire.admin.v1.ShowModuleResponse;
import dev.tenon.wire.admin.v1.TokenAdminGrpc;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks of a running process, here and from afar. */
class AdministrationTest {
  @TempDir Path folder;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ManagedChannel> channels = new ArrayList<>();
  private @Nullable ManagedChannel local;
  @SuppressWarnings("NullAway.Init") // made before each test
  private Ground ground;

  @BeforeEach
  void prepare() throws Exception {
    ground = new Ground(folder);
  }

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    ground.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private Channel local() {
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

  private ModuleAdminGrpc.ModuleAdminBlockingStub ask() {
    return ModuleAdminGrpc.newBlockingStub(local());
  }

  private ChangeModuleResponse install(Path jar) {
    return send(local(), jar, jar.getFileName().toString(), false);
  }

  private ChangeModuleResponse swap(Path jar) {
    return send(local(), jar, jar.getFileName().toString(), true);
  }

  private static ChangeModuleResponse send(Channel channel, Path jar, String name, boolean swap) {
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

  private List<String> dropFolder() throws Exception {
    try (Stream<Path> files = Files.list(ground.plugins)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private Path made(String file, String version, String tag) throws Exception {
    return ground.tagged("tag", version, tag).write(folder.resolve(file));
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
    assertThatThrownBy(call).hasMessageContainingAll("FAILED_PRECONDITION").satisfies(failure -> assertThat(failure.getMessage()).contains(words));
  }

  @Test
  void aModuleIsInstalledUpgradedSwappedBackRolledBackAndRemoved() throws Exception {
    ground.start();
    Path one = made("tag-1.jar", "1.0.0", "one");
    Path two = made("tag-2.jar", "2.0.0", "two");
    assertThat(install(one).getText()).startsWith("tag 1.0.0-").endsWith("is active");
    assertThat(ground.tags()).containsExactly("one");
    assertThat(install(two).getBuild()).startsWith("2.0.0-");
    assertThat(ground.tags()).containsExactly("two");
    assertThat(dropFolder()).containsExactly("tag-1.jar", "tag-2.jar");
    refused(() -> install(made("tag-1.5.jar", "1.5.0", "between")), "would not be used", "2.0.0", "swap");
    assertThat(swap(one).getText()).endsWith("is active");
    assertThat(ground.tags()).containsExactly("one");
    assertThat(dropFolder()).as("what it replaced is gone, so that it is so after a restart too").containsExactly("tag-1.jar");
    assertThat(ask().rollback(RollbackModuleRequest.newBuilder().setModule("tag").build()).getBuild()).startsWith("2.0.0-");
    assertThat(ground.tags()).containsExactly("two");
    assertThat(dropFolder()).containsExactly("tag-2.jar");
    assertThat(ask().remove(RemoveModuleRequest.newBuilder().setModule("tag").build()).getText()).isEqualTo("tag is removed");
    assertThat(ground.tags()).isEmpty();
    assertThat(dropFolder()).isEmpty();
    assertThat(ask().rollback(RollbackModuleRequest.newBuilder().setModule("tag").build()).getBuild()).as("what was removed is kept").startsWith("2.0.0-");
  }

  @Test
  void aProcessThatHasNotLookedAtItsModulesYetIsNotReady() throws Exception {
    ground.tagged("tag", "1.0.0", "shipped").write(ground.home.resolve("modules/tag.jar"));
    Path slow = ground.home.resolve("modules/slow.jar");
    assertThat(new ProcessBuilder("mkfifo", slow.toString()).start().waitFor()).isZero();
    CompletableFuture<Void> started = CompletableFuture.runAsync(() -> {
      try {
        ground.start("modules=[tag]");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    try {
      assertThat(ask().withWaitForReady().list(ListModulesRequest.getDefaultInstance()).getReady()).isFalse();
      assertThat(started).as("it waits for the pipe").isNotDone();
    } finally {
      Files.newOutputStream(slow).close();
    }
    started.get(10, TimeUnit.SECONDS);
    eventually(() -> assertThat(ask().list(ListModulesRequest.getDefaultInstance()).getReady()).isTrue());
  }

  @Test
  void aSwapThatFailsLeavesTheDropFolderAsItWas() throws Exception {
    ground.start();
    install(made("tag.jar", "1.0.0", "good"));
    byte[] before = Files.readAllBytes(ground.plugins.resolve("tag.jar"));
    Path broken = ground.tagged("tag", "2.0.0", "bad", "if (true) throw new IllegalStateException(\"no luck\");").write(folder.resolve("new/tag.jar"));
    refused(() -> swap(broken), "does not run", "no luck");
    refused(() -> install(broken), "no luck");
    assertThat(ground.tags()).containsExactly("good");
    assertThat(dropFolder()).containsExactly("tag.jar");
    assertThat(Files.readAllBytes(ground.plugins.resolve("tag.jar"))).isEqualTo(before);
    eventually(() -> assertThat(ground.kernel().modules().status()).as("nothing is left of it").hasSize(1));
  }

  @Test
  void whatTheProfileNeedsIsReplacedAndRolledBackButNotRemoved() throws Exception {
    ground.tagged("tag", "1.0.0", "shipped").write(ground.home.resolve("modules/tag.jar"));
    ground.start("modules=[tag]");
    eventually(() -> assertThat(ground.tags()).containsExactly("shipped"));
    refused(() -> ask().remove(RemoveModuleRequest.newBuilder().setModule("tag").build()), "the profile needs tag");
    swap(made("tag-0.9.jar", "0.9.0", "patched"));
    assertThat(ground.tags()).containsExactly("patched");
    assertThat(ask().rollback(RollbackModuleRequest.newBuilder().setModule("tag").build()).getText()).contains("of the distribution is active");
    assertThat(ground.tags()).containsExactly("shipped");
    assertThat(dropFolder()).isEmpty();
    Files.createFile(ground.plugins.resolve("tag.disabled"));
    eventually(() -> assertThat(ground.events("tag")).contains("kept"));
    assertThat(ground.tags()).containsExactly("shipped");
  }

  @Test
  void aPlugInOfTheDistributionIsDisabledByAFileAndComesBackWithoutIt() throws Exception {
    ground.adapter().write(ground.home.resolve("modules/guard-1.0.jar"));
    ground.start();
    eventually(() -> assertThat(active()).containsExactly("guard"));
    ask().remove(RemoveModuleRequest.newBuilder().setModule("guard").build());
    assertThat(active()).isEmpty();
    assertThat(dropFolder()).containsExactly("guard.disabled");
    refused(() -> ask().remove(RemoveModuleRequest.newBuilder().setModule("guard").build()), "there is no module guard");
    Files.delete(ground.plugins.resolve("guard.disabled"));
    eventually(() -> assertThat(active()).containsExactly("guard"));
  }

  private List<String> active() {
    return ask().list(ListModulesRequest.getDefaultInstance()).getModulesList().stream()
        .filter(each -> each.getState().equals("active")).map(ModuleInfo::getName).toList();
  }

  @Test
  void historyIsToldInTheOrderOfALifeAndOutlivesTheProcess() throws Exception {
    ground.start();
    install(made("tag-1.jar", "1.0.0", "one"));
    install(made("tag-2.jar", "2.0.0", "two"));
    eventually(() -> assertThat(ground.events("tag").subList(7, ground.events("tag").size()))
        .containsSubsequence("planned", "loaded", "verified", "started", "ready", "switched", "drained", "closed", "unloaded"));
    ShowModuleResponse shown = ask().show(ShowModuleRequest.newBuilder().setModule("tag").build());
    assertThat(shown.getKeptList()).extracting(each -> each.getBuild().replaceAll("-.*", "")).containsExactly("2.0.0", "1.0.0");
    assertThat(shown.getKept(0).getRuns()).isTrue();
    assertThat(ask().metrics(ModuleMetricsRequest.getDefaultInstance()).getText())
        .contains("tenon_module_events_total{module=\"tag\",event=\"switched\"} 2\n", "tenon_module_generations{module=\"tag\",state=\"active\"} 1\n");
    ground.close();
    ground.start();
    eventually(() -> assertThat(ground.tags()).containsExactly("two"));
    List<ModuleEvent> remembered = ask().history(ModuleHistoryRequest.newBuilder().setModule("tag").build()).getEventsList();
    assertThat(remembered).extracting(ModuleEvent::getEvent).contains("asked", "drained").filteredOn("switched"::equals).hasSize(3);
    assertThat(ask().history(ModuleHistoryRequest.newBuilder().setMost(2).build()).getEventsCount()).isEqualTo(2);
  }

  @Test
  void aPlanSaysWhatWouldBeDoneAndDoesNothing() throws Exception {
    ground.start();
    install(made("tag-1.jar", "1.0.0", "one"));
    assertThat(ask().plan(PlanModulesRequest.getDefaultInstance()).getStepsList()).isEmpty();
    assertThat(ask().plan(PlanModulesRequest.newBuilder().setInstead(true).build()).getStepsList()).extracting(PlannedStep::getAction).containsExactly("remove");
    assertThat(ground.tags()).containsExactly("one");
  }

  @Test
  void badUploadsAreRefusedAndLeaveNothing() throws Exception {
    ground.start("kernel.admin.largestJar=100000");
    Path jar = made("tag.jar", "1.0.0", "one");
    refused(() -> send(local(), jar, "../tag.jar", false), "cannot be a jar's name");
    refused(() -> send(local(), jar, ".tag.jar", false), "cannot be a jar's name");
    Path large = Files.write(folder.resolve("large.jar"), new byte[100_001]);
    refused(() -> install(large), "100001 bytes", "up to 100000");
    Path text = Files.writeString(folder.resolve("text.jar"), "this is no jar");
    refused(() -> install(text), "no jar at all");
    refused(() -> swap(jar), "nothing called tag runs");
    install(jar);
    refused(() -> send(local(), ground.tagged("other", "1.0.0", "x").write(folder.resolve("other.jar")), "tag.jar", false), "holds tag");
    assertThat(dropFolder()).containsExactly("tag.jar");
  }

  @Test
  void fromAfarOnlyTlsATokenAndASignedJarLetAnythingIn() throws Exception {
    Signer author = Signer.of("Author");
    Path certificate = folder.resolve("server.pem");
    Path trusted = Files.createDirectories(folder.resolve("trusted"));
    author.certificate(trusted.resolve("author.pem"));
    int port = startRemote(certificate, "kernel.trust.mode=off", "kernel.trust.certificates=[" + trusted + "]");
    CreateTokenResponse operator = token("operator");
    CreateTokenResponse viewer = token("viewer");
    assertThat(Files.readString(ground.run.resolve("kept/tokens"))).doesNotContain(operator.getToken().substring(15));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ground.run.resolve("kept/tokens")))).isEqualTo("rw-------");

    assertCode(Status.Code.UNAUTHENTICATED, remote(port, certificate, "tenon_00000000_" + "0".repeat(64)));
    assertCode(Status.Code.UNAUTHENTICATED, remote(port, certificate, ""));
    assertThat(modules(remote(port, certificate, viewer.getToken())).list(ListModulesRequest.getDefaultInstance()).getPid()).isPositive();
    Path unsigned = made("tag.jar", "1.0.0", "unsigned");
    assertThatThrownBy(() -> send(remote(port, certificate, viewer.getToken()), unsigned, "tag.jar", false)).hasMessageContaining("PERMISSION_DENIED");
    refused(() -> send(remote(port, certificate, operator.getToken()), unsigned, "tag.jar", false), "is not signed");
    assertThat(send(remote(port, certificate, operator.getToken()), author.sign(made("tag.jar", "1.0.0", "signed")), "tag.jar", false).getText()).contains("is active");
    assertThat(ground.kernel().journal().events()).anySatisfy(each -> assertThat(each.detail()).contains("install by token " + operator.getInfo().getId()));
    assertThatThrownBy(() -> TokenAdminGrpc.newBlockingStub(remote(port, certificate, operator.getToken())).list(ListTokensRequest.getDefaultInstance()))
        .as("tokens are made here alone").hasMessageContaining("UNIMPLEMENTED");

    TokenAdminGrpc.newBlockingStub(local()).revoke(RevokeTokenRequest.newBuilder().setId(viewer.getInfo().getId()).build());
    assertCode(Status.Code.UNAUTHENTICATED, remote(port, certificate, viewer.getToken()));
    Path stranger = Signer.server("localhost").certificate(folder.resolve("stranger.pem"));
    assertCode(Status.Code.UNAVAILABLE, remote(port, stranger, operator.getToken()));
  }

  @Test
  void whoComesWithBadTokensAgainAndAgainWaitsAndNobodyElse() throws Exception {
    Path certificate = folder.resolve("server.pem");
    int port = startRemote(certificate);
    CreateTokenResponse operator = token("operator");
    List<String> audit = new CopyOnWriteArrayList<>();
    Handler lines = new Handler() {
      @Override
      public void publish(LogRecord line) {
        audit.add(new SimpleFormatter().formatMessage(line));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    Logger logger = Logger.getLogger("dev.tenon.audit.callers");
    logger.addHandler(lines);
    try {
      Channel guesses = remote(port, certificate, "tenon_00000000_" + "0".repeat(64));
      for (int i = 0; i < 10; i++) {
        assertCode(Status.Code.UNAUTHENTICATED, guesses);
      }
      assertThatThrownBy(() -> modules(guesses).list(ListModulesRequest.getDefaultInstance()))
          .hasMessageContainingAll("RESOURCE_EXHAUSTED", "too many failed attempts from 127.0.0.1", "try again in");
      assertCode(Status.Code.RESOURCE_EXHAUSTED, remote(port, certificate, operator.getToken()));
      assertThat(audit).containsExactly("waits address=\"127.0.0.1\" failures=10");
      assertThat(modules(remote("127.0.0.2", port, certificate, operator.getToken())).list(ListModulesRequest.getDefaultInstance()).getPid()).isPositive();
    } finally {
      logger.removeHandler(lines);
    }
  }

  /** Starts a process that is administered from afar; returns the port. */
  private int startRemote(Path certificate, String... sets) throws Exception {
    Signer server = Signer.server("localhost");
    int port = freePort();
    ground.start(Stream.concat(Stream.of("kernel.admin.remote.address=127.0.0.1:" + port, "kernel.admin.remote.certificate="
        + server.certificate(certificate), "kernel.admin.remote.key=" + server.key(folder.resolve("server.key"))), Stream.of(sets)).toArray(String[]::new));
    return port;
  }

  private CreateTokenResponse token(String role) {
    return TokenAdminGrpc.newBlockingStub(local()).create(CreateTokenRequest.newBuilder().setRole(role).setLabel("test").setLifetimeSeconds(3600).build());
  }

  private Channel remote(int port, Path authority, String token) throws Exception {
    return remote("127.0.0.1", port, authority, token);
  }

  private Channel remote(String from, int port, Path authority, String token) throws Exception {
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

  private static ModuleAdminGrpc.ModuleAdminBlockingStub modules(Channel channel) {
    return ModuleAdminGrpc.newBlockingStub(channel);
  }

  private static void assertCode(Status.Code code, Channel channel) {
    assertThatThrownBy(() -> modules(channel).list(ListModulesRequest.getDefaultInstance())).hasMessageContaining(code.name());
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

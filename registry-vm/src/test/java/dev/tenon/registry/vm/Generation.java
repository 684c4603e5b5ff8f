package dev.tenon.registry.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.registry.vm.keep.Disk;
import dev.tenon.registry.vm.keep.RealDisk;
import dev.tenon.registry.vm.keep.SharedLeases;
import dev.tenon.spi.lifecycle.Leadership;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import dev.tenon.wire.admin.v1.DeregisterWorkloadRequest;
import dev.tenon.wire.admin.v1.RegisterWorkloadRequest;
import dev.tenon.wire.admin.v1.RegisterWorkloadResponse;
import dev.tenon.wire.admin.v1.WorkloadAdminGrpc;
import dev.tenon.wire.registration.v1.Beat;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One generation of the registry behind a gRPC server on loopback, with a clock that a test moves. */
final class Generation implements AutoCloseable {
  final AtomicLong clock = new AtomicLong();
  final Registrar registrar;
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private Server server;
  private ManagedChannel channel;
  private @Nullable Follow<?, ?> leader;
  private @Nullable Follow<?, ?> store;

  Generation(Path directory) throws IOException {
    this(directory, new RealDisk());
  }

  Generation(Path directory, Disk disk) throws IOException {
    registrar = new Registrar(directory, disk, clock::get);
    start();
  }

  /** One that shares the place of its leases. */
  Generation(Path directory, Place.Store store) throws IOException {
    this(directory, store, new Cell<>(List.of()));
  }

  /** One that knows who leads, too. */
  Generation(Path directory, Place.Store store, Source<List<Offer<Leadership>>> leaders) throws IOException {
    SharedLeases shared = new SharedLeases(store.name());
    registrar = new Registrar(directory, shared, clock::get);
    start();
    leader = RegistryModule.leader(leaders, registrar);
    this.store = RegistryModule.leases(store.offers, shared, registrar);
  }

  private void start() throws IOException {
    registrar.start(timers);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(registrar.service())
            .addService(registrar.administration(() -> Optional.of(new YamlText())))
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress(server.getListenSockets().getFirst()).usePlaintext().build();
  }

  Client open(Beat beat) {
    return Client.open(channel, beat);
  }

  RegisterWorkloadResponse register(String yaml) {
    return WorkloadAdminGrpc.newBlockingStub(channel).register(RegisterWorkloadRequest.newBuilder().setOrigin("mine.yaml").setYaml(yaml).build());
  }

  /** What is said of a text that is not registered. */
  String said(String yaml) {
    RegisterWorkloadResponse response = register(yaml);
    assertThat(response.getChange()).isEmpty();
    return response.getFindingsList().stream()
        .map(each -> each.getOrigin() + ":" + each.getLine() + ":" + each.getColumn() + " " + each.getField() + ": " + each.getMessage())
        .collect(Collectors.joining("\n"));
  }

  void deregister(String namespace, String name) {
    var _ = WorkloadAdminGrpc.newBlockingStub(channel).deregister(DeregisterWorkloadRequest.newBuilder().setNamespace(namespace).setName(name).build());
  }

  /** Lets time pass in whole seconds, as sweeps see it. */
  void pass(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      clock.addAndGet(1_000_000_000L);
      registrar.sweep();
    }
  }

  /** The catalog that a new subscriber would be given. */
  Catalog catalog() {
    List<Catalog> seen = new CopyOnWriteArrayList<>();
    registrar.registry().catalog().subscribe(seen::add).close();
    return seen.isEmpty() ? Catalog.EMPTY : seen.getFirst();
  }

  /** What is said of the registry. */
  RegistryState state() {
    List<RegistryState> seen = new CopyOnWriteArrayList<>();
    registrar.registry().state().subscribe(seen::add).close();
    return seen.getFirst();
  }

  @Override
  public void close() {
    if (store != null && leader != null) {
      store.close();
      leader.close();
    }
    registrar.drain().toCompletableFuture().join();
    registrar.close();
    channel.shutdownNow();
    server.shutdownNow();
    timers.shutdownNow();
  }
}

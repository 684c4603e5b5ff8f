package dev.tenon.mixer.share;

import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Counters;
import dev.tenon.mixer.serve.SharedService;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.rules.RuleSet;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A policy service on a real socket. */
final class PolicyServer implements AutoCloseable {
  private final Adapters adapters;
  private SharedService service;
  private @Nullable Server server;
  private int port;
  private String policy = "";

  PolicyServer(SmallKernel kernel, AdapterFactory... factories) {
    adapters = new Adapters(Limits.DEFAULT, kernel.guards());
    adapters.present(Arrays.stream(factories).map(each -> new Offer<>(each.name(), "1", each)).toList());
    service = new SharedService(adapters, System::nanoTime);
  }

  PolicyServer rules(String yaml) {
    policy = yaml;
    service.rules(new RuleSet(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of("default", Yaml.policy(yaml)), Map.of()));
    return this;
  }

  /** Begins to listen, where it did before if it ever did. */
  PolicyServer start() {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).addService(service).build().start();
      port = server.getPort();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As when its process is killed; what it has counted stays, as in Redis. */
  void kill() {
    Objects.requireNonNull(server).shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Another generation of the engine takes over, as at a swap of the module. */
  void swap() {
    SharedService old = service;
    service = new SharedService(adapters, System::nanoTime);
    rules(policy);
    kill();
    start();
    old.close();
  }

  Counters counters() {
    return new Counters(adapters);
  }

  InetSocketAddress address() {
    return InetSocketAddress.createUnresolved("127.0.0.1", port);
  }

  @Override
  public void close() {
    kill();
    service.close();
    adapters.close();
  }
}

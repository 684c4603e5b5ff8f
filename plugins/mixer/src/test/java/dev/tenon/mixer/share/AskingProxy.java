package dev.tenon.mixer.share;

import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.decide.Engine;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Placement;
import dev.tenon.mixer.evaluate.GivenAttributes;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The engine beside a proxy, and what asks for it. */
final class AskingProxy implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofMillis(400);

  /** Where answers are asked for and not times: a machine that stands still for a moment is not to be a failure. */
  static final Duration PATIENT = Duration.ofSeconds(10);

  private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Shared shared;
  private final Adapters adapters;
  private final Policy policy;

  AskingProxy(SmallKernel kernel, InetSocketAddress server, boolean prefetch, String yaml, AdapterFactory... factories) {
    this(kernel, List.of(server), new Shared.Terms(DEADLINE, prefetch, false), yaml, factories);
  }

  AskingProxy(SmallKernel kernel, List<InetSocketAddress> servers, Shared.Terms terms, String yaml, AdapterFactory... factories) {
    shared = new Shared(new Dial(servers, loops, NioSocketChannel.class, Optional.empty()), loops.next(), terms, System::nanoTime);
    adapters = new Adapters(Limits.DEFAULT, kernel.guards(), new Placement(shared, Set.of("scripted", "counting"), Set.of()));
    adapters.present(Arrays.stream(factories).map(each -> new Offer<>(each.name(), "1", each)).toList());
    policy = new Engine(StandardVocabulary.STANDARD, adapters, kernel.timers()).compile(Yaml.policy(yaml));
  }

  CompletableFuture<Outcome> begin(String user) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Outcome now = policy.check(new GivenAttributes(Map.of("request.headers", Map.of("x-user", user))), outcome::complete);
    if (now != null) {
      outcome.complete(now);
    }
    return outcome;
  }

  boolean allowed(String user) {
    return outcome(user).verdict() instanceof Verdict.Allow;
  }

  Outcome outcome(String user) {
    return begin(user).orTimeout(40, TimeUnit.SECONDS).join();
  }

  String denial(String user) {
    return outcome(user).verdict() instanceof Verdict.Deny deny ? deny.code() + ":" + deny.message() : "allowed";
  }

  long trips() {
    return shared.trips();
  }

  @Override
  public void close() {
    policy.close();
    shared.close();
    adapters.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

package dev.tenon.kernel.swap;

import dev.tenon.kernel.guard.LentGuards;
import dev.tenon.kernel.offers.LentOffers;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.ports.LentPorts;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Everything that one generation was given; closing it takes it all back. */
final class Lent implements ModuleContext, AutoCloseable {
  private final Facilities kernel;
  private final Given jar;
  private final boolean succeeds;
  final LentPorts ports;
  final LentOffers offers;
  private final LentGuards guards;
  private final ScheduledThreadPoolExecutor timers;

  Lent(Facilities kernel, Given jar, boolean succeeds) {
    this.kernel = kernel;
    this.jar = jar;
    this.succeeds = succeeds;
    this.ports = kernel.doors().lend(jar.place());
    this.offers = kernel.offers().lend(jar.module(), jar.version());
    this.guards = kernel.guarding().lend();
    this.timers = new ScheduledThreadPoolExecutor(
        1, Thread.ofPlatform().daemon().name("timer-" + jar.module()).inheritInheritableThreadLocals(false).factory());
    timers.setRemoveOnCancelPolicy(true);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public ProcessInfo process() {
    return kernel.process();
  }

  @Override
  public String build() {
    return jar.build();
  }

  @Override
  public boolean succeeds() {
    return succeeds;
  }

  @Override
  public Fields settings() {
    return settings(jar.module());
  }

  @Override
  public Fields settings(String section) {
    Node node = kernel.settings().entries().get(section);
    if (node instanceof Node.Mapping mapping) {
      return Fields.of(mapping, section);
    }
    Fields fields = Fields.of(Node.Mapping.empty(node == null ? Position.of(section) : node.at()), section);
    if (node != null && !(node instanceof Node.Null)) {
      fields.error("", "the section " + section + " should be a mapping");
    }
    return fields;
  }

  @Override
  public Path stateDirectory() {
    Path directory = kernel.state().resolve(jar.module());
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("the state directory " + directory + " cannot be made", e);
    }
  }

  @Override
  public <T> void offer(Class<T> type, T service) {
    offers.offer(type, service);
  }

  @Override
  public <T> Source<List<Offer<T>>> offers(Class<T> type) {
    return offers.offers(type);
  }

  @Override
  public Ports ports() {
    return ports;
  }

  @Override
  public LentGuards guards() {
    return guards;
  }

  @Override
  public ScheduledExecutorService timers() {
    return timers;
  }

  @Override
  public void close() {
    timers.shutdownNow();
    guards.close();
    ports.close();
    offers.close();
    try {
      if (!timers.awaitTermination(1, TimeUnit.SECONDS)) {
        org.slf4j.LoggerFactory.getLogger(Lent.class).warn("a timer of {} {} does not end", jar.module(), jar.build());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

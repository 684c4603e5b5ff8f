package dev.tenon.proxy;

import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.listen.Listeners;
import dev.tenon.proxy.live.Live;
import dev.tenon.proxy.compile.Table;
import dev.tenon.proxy.report.Figures;
import dev.tenon.proxy.report.Inheritance;
import dev.tenon.proxy.report.ModulesText;
import dev.tenon.proxy.report.PrometheusText;
import dev.tenon.proxy.report.Totals;
import dev.tenon.proxy.serve.Connection;
import dev.tenon.proxy.serve.Lane;
import dev.tenon.proxy.serve.Lanes;
import dev.tenon.proxy.serve.Outfit;
import dev.tenon.proxy.serve.Site;
import dev.tenon.proxy.upstream.Usage;
import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.BindFailure;
import dev.tenon.spi.ports.Listening;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.spi.telemetry.MetricSnapshot;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation of the river below {@link Live}: listen → http → request → upstream → report. Knows
 * neither where its configuration comes from nor what a module is.
 */
public final class DataPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);
  private static final long BIND_AGAIN_MILLIS = 1000;
  private static final long CLOSE_SECONDS = 5;

  private final Ports ports;
  private final Live live;
  private final ScheduledExecutorService timers;
  private final Options options;
  private final LogFiles logs;
  private final Outfit outfit;
  private final Lanes lanes;
  private final Listeners listeners;
  private final AdminPages pages;
  private final Inheritance inheritance = new Inheritance();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private @Nullable Listening admin;
  private @Nullable Subscription tables;
  private volatile boolean draining;
  private volatile boolean closed;

  /**
   * What an operator chooses.
   *
   * @param admin where {@code /ready}, {@code /stats/prometheus} and the like are; absent: nowhere
   * @param accessLog where requests are logged when their listener does not say; empty: nowhere
   * @param build goes into {@code x-tenon-build} of every answer; empty: no such header
   * @param workload whose proxy this is, for metrics
   */
  public record Options(
      Optional<InetSocketAddress> admin, String accessLog, String build, String workload, String namespace, String app) {}

  /**
   * A generation that is not yet started.
   *
   * @param lanes none as yet: they are made here
   * @param outfit plug-ins, and where their telemetry goes
   * @param sources what its pages show of others
   */
  public DataPlane(
      Ports ports,
      Live live,
      ScheduledExecutorService timers,
      Options options,
      Lanes lanes,
      Outfit outfit,
      PageSources sources) {
    this.ports = ports;
    this.live = live;
    this.timers = timers;
    this.options = options;
    this.lanes = lanes;
    this.outfit = outfit;
    this.logs = new LogFiles(options.accessLog());
    this.listeners = new Listeners(ports, name -> acceptor(new Site.OfTable(name)));
    this.pages =
        new AdminPages(
            this::isReady,
            sources.hung(),
            () ->
                figures()
                    .thenApply(
                        figures ->
                            PrometheusText.of(figures)
                                + ModulesText.of(sources.modules().get())
                                + PrometheusText.of(new MetricSnapshot(figures.at(), sources.figures().get()))),
            sources.dump(),
            options.build());
    ConcurrentMap<String, Usage> usages = new ConcurrentHashMap<>();
    List<EventLoop> loops = ports.eachLoop();
    for (int i = 0; i < loops.size(); i++) {
      lanes.add(loops.get(i), new Lane(loops.get(i), i, ports, live, usages, logs, options.build(), outfit));
    }
  }

  /**
   * Begins to listen, and to follow what is live.
   *
   * @throws BindFailure when the address of the pages cannot be had
   */
  public void start() throws BindFailure {
    if (options.admin().isPresent()) {
      admin = ports.listen(options.admin().get(), acceptor(new Site.OfPages(pages)));
    }
    tables = live.changes().subscribe(this::adopt);
    live.firstComplete()
        .whenComplete(
            (done, failure) -> {
              List<BindFailure> failures = listeners.again();
              if (failures.isEmpty()) {
                ready.complete(null);
              } else {
                ready.completeExceptionally(failures.getFirst());
              }
            });
  }

  /** Done when requests can be served; fails when a listener of the first table cannot be opened. */
  public CompletionStage<Void> ready() {
    return ready.minimalCompletionStage();
  }

  private boolean isReady() {
    return ready.isDone() && !ready.isCompletedExceptionally() && !draining;
  }

  private Acceptor acceptor(Site site) {
    return (channel, early) -> {
      Lane lane = lanes.of(channel.eventLoop());
      if (lane == null || closed) {
        if (early != null) {
          early.release();
        }
        channel.close();
        return;
      }
      Connection.take(lane, site, channel, early);
    };
  }

  private void adopt(Table table) {
    tell(listeners.adopt(table.listeners()));
    lanes.each(Lane::poke);
  }

  private void tell(List<BindFailure> failures) {
    failures.forEach(failure -> LOG.error("{}; trying again", failure.getMessage()));
    if (!failures.isEmpty() && !closed) {
      try {
        timers.schedule(() -> tell(listeners.again()), BIND_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("the generation has ended", e);
      }
    }
  }

  /** All figures: the counters of all loops, and what older generations counted. */
  public CompletionStage<MetricSnapshot> figures() {
    return totals().thenApply(totals ->
        Figures.of(totals, new Figures.Owner(options.workload(), options.namespace(), options.app())));
  }

  /** One loop after the other. */
  private CompletionStage<Totals> totals() {
    CompletableFuture<Totals> sum = CompletableFuture.completedFuture(new Totals());
    for (Lane lane : lanes.all()) {
      sum =
          sum.thenApplyAsync(
              totals -> {
                lane.addTo(totals);
                return totals;
              },
              lane.loop().executor());
    }
    return sum.thenApply(
        totals -> {
          totals.addDropped(logs.dropped());
          if (outfit.telemetry() != null) {
            totals.addDropped(outfit.telemetry());
          }
          inheritance.addTo(totals);
          return totals;
        });
  }

  /** Counters for the next generation; done when every loop was asked. */
  public CompletionStage<Map<String, Object>> giveCounters() {
    return totals().thenApply(inheritance::give);
  }

  /** Counters of the generation before. */
  public void takeCounters(Map<String, Object> piece) {
    inheritance.take(piece);
  }

  /**
   * Takes nothing new and closes what is idle, for nobody comes after it. Inbound ends first: what callers sent is
   * answered, and the application may make calls of its own for that. Done when no connection is left.
   */
  public CompletionStage<Void> drain() {
    draining = true;
    listeners.close(ListenerSpec.Direction.INBOUND);
    // Giving sockets back may take a moment, which no loop has.
    return onEachLane(Lane::drainInbound).thenComposeAsync(_ -> finish(false), task -> Thread.ofVirtual().name("proxy-drain").start(task));
  }

  /** Takes nothing new and gives what is idle to the next generation. Done when no connection is left. */
  public CompletionStage<Void> handOver() {
    return finish(true);
  }

  private CompletionStage<Void> finish(boolean heir) {
    draining = true;
    listeners.close();
    if (admin != null) {
      admin.close();
    }
    return onEachLane((lane, whenEmpty) -> lane.drain(heir, whenEmpty));
  }

  /** Done when every lane has run what it was given. */
  private CompletionStage<Void> onEachLane(BiConsumer<Lane, Runnable> task) {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    lanes.all().forEach(lane -> done.add(new CompletableFuture<>()));
    lanes.each(lane -> task.accept(lane, () -> done.get(lane.loop().index()).complete(null)));
    return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    draining = true;
    if (tables != null) {
      tables.close();
    }
    if (admin != null) {
      admin.close();
    }
    listeners.close();
    CountDownLatch left = new CountDownLatch(lanes.all().size());
    for (Lane lane : lanes.all()) {
      try {
        lane.loop()
            .executor()
            .execute(
                () -> {
                  lane.close();
                  left.countDown();
                });
      } catch (RejectedExecutionException e) {
        left.countDown();
      }
    }
    try {
      if (!left.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("an event loop does not come round; its connections are left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    logs.close();
  }
}

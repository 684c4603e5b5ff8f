package dev.tenon.proxy.report;

import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.plug.PlugKind;
import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.proxy.plug.Rack;
import dev.tenon.proxy.plug.Slot;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.spi.telemetry.MetricSnapshot;
import dev.tenon.spi.telemetry.Sink;
import dev.tenon.spi.telemetry.SinkFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sinks that the process's configuration asks for, as their plug-ins come and go. Thread-safe. */
public final class Telemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final Limits LIMITS = new Limits(Duration.ofSeconds(10), 4, 5, Duration.ofSeconds(10));
  private static final long LAST_WORDS_MILLIS = 1000;

  /**
   * One sink.
   *
   * @param plug which, and with what configuration
   * @param interval between two snapshots of all figures
   * @param batches of at most 256 requests that may wait for it
   */
  public record Wanted(PlugSpec plug, Duration interval, int batches) {}

  private record Fed(Wanted wanted, SinkFeed feed) {}

  private final Rack<SinkFactory, Sink> rack;
  private final ScheduledExecutorService timers;
  private final List<Fed> sinks = new ArrayList<>();
  private final List<Future<?>> clocks = new ArrayList<>();
  private @Nullable Subscription offers;

  /**
   * Sinks that nobody is told of yet.
   *
   * @param guards asked for when the first plug-in comes
   */
  public Telemetry(List<Wanted> all, Supplier<Guards> guards, ScheduledExecutorService timers) {
    this.timers = timers;
    // Sinks are called on threads of their own alone: no loop need come round.
    this.rack = new Rack<>(PlugKind.SINK, guards, LIMITS, () -> CompletableFuture.completedStage(null));
    for (Wanted wanted : all) {
      rack.want(wanted.plug());
      Slot<Sink> slot = rack.slot(wanted.plug());
      if (slot != null) {
        sinks.add(new Fed(wanted, new SinkFeed(slot, wanted.batches(), timers)));
      }
    }
  }

  /** Begins to follow which plug-ins there are, and to tell figures. */
  public void start(Source<List<Offer<SinkFactory>>> factories, Supplier<CompletionStage<MetricSnapshot>> figures) {
    offers = factories.subscribe(rack::present);
    for (Fed each : sinks) {
      long millis = each.wanted().interval().toMillis();
      clocks.add(
          timers.scheduleAtFixedRate(
              () -> figures.get().whenComplete((snapshot, failure) -> told(each, snapshot, failure)),
              millis, millis, TimeUnit.MILLISECONDS));
    }
  }

  private static void told(Fed to, @Nullable MetricSnapshot snapshot, @Nullable Throwable failure) {
    if (snapshot != null) {
      to.feed().offer(snapshot);
    } else {
      LOG.debug("figures could not be taken", failure);
    }
  }

  /** Where one loop puts what it finished. */
  public RecordLane lane(LoopState loop) {
    return new RecordLane(sinks.stream().map(Fed::feed).toList(), loop);
  }

  /** How many requests each sink was not told of. */
  Map<String, Long> dropped() {
    Map<String, Long> dropped = new HashMap<>();
    sinks.forEach(each -> dropped.merge(each.feed().sink(), each.feed().dropped(), Long::sum));
    return dropped;
  }

  /** Lets sinks take what waits, for a moment, and drops them. */
  @Override
  public void close() {
    clocks.forEach(clock -> clock.cancel(false));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
    while (!sinks.stream().allMatch(each -> each.feed().idle()) && System.nanoTime() - end < 0) {
      if (!paused()) {
        break;
      }
    }
    if (offers != null) {
      offers.close();
    }
    rack.close();
  }

  private static boolean paused() {
    try {
      Thread.sleep(5);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

package dev.tenon.proxy.report;

import dev.tenon.proxy.plug.Lease;
import dev.tenon.proxy.plug.Slot;
import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.telemetry.FinishedRequest;
import dev.tenon.spi.telemetry.MetricSnapshot;
import dev.tenon.spi.telemetry.Sink;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one sink has to take: the one place from which sinks are called, one call at a time. What does
 * not fit into its queue is dropped and counted. Thread-safe; never waits.
 */
final class SinkFeed {
  private static final Logger LOG = LoggerFactory.getLogger(SinkFeed.class);
  private static final Guard.Call<Sink, List<FinishedRequest>, Object> REQUESTS =
      (sink, batch) -> {
        sink.requests(batch);
        return batch;
      };
  private static final Guard.Call<Sink, MetricSnapshot, Object> METRICS =
      (sink, snapshot) -> {
        sink.metrics(snapshot);
        return snapshot;
      };

  private final Slot<Sink> slot;
  private final ArrayBlockingQueue<List<FinishedRequest>> queue;
  private final AtomicReference<MetricSnapshot> figures = new AtomicReference<>();
  private final Executor steps;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean well = true;

  /**
   * A feed with nothing in it.
   *
   * @param batches how many may wait
   * @param steps runs what takes no time
   */
  SinkFeed(Slot<Sink> slot, int batches, Executor steps) {
    this.slot = slot;
    this.queue = new ArrayBlockingQueue<>(batches);
    this.steps = steps;
  }

  /** Has requests told to the sink. */
  void offer(List<FinishedRequest> batch) {
    if (!queue.offer(batch)) {
      lost(batch.size(), "does not keep up");
    }
    next();
  }

  /** Has figures told to the sink; those that still wait are replaced. */
  void offer(MetricSnapshot snapshot) {
    figures.set(snapshot);
    next();
  }

  String sink() {
    return slot.spec().plugin();
  }

  /** How many requests it was not told of. */
  long dropped() {
    return dropped.get();
  }

  /** Whether nothing waits and nothing is under way. */
  boolean idle() {
    return !busy.get() && queue.isEmpty();
  }

  private void next() {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    MetricSnapshot snapshot = figures.getAndSet(null);
    List<FinishedRequest> batch = snapshot == null ? queue.poll() : null;
    if (snapshot != null) {
      tell(METRICS, snapshot, 0);
    } else if (batch != null) {
      tell(REQUESTS, batch, batch.size());
    } else {
      busy.set(false);
      if (!queue.isEmpty() || figures.get() != null) {
        next();
      }
    }
  }

  private <A> void tell(Guard.Call<Sink, A, Object> call, A argument, int requests) {
    Lease<Sink> lease = slot.lease();
    if (lease == null || !lease.enter()) {
      lost(requests, slot.absence());
      ended();
      return;
    }
    lease
        .guard()
        .callLater(
            call, lease.plug(), argument, trouble -> trouble,
            () -> {
              lease.leave();
              ended();
            },
            said -> {
              if (said instanceof Trouble trouble) {
                lost(requests, trouble.text());
              } else if (!well) {
                well = true;
                LOG.info("the telemetry sink {} takes what it is told again", sink());
              }
            });
  }

  private void ended() {
    try {
      steps.execute(
          () -> {
            busy.set(false);
            next();
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the generation has ended", e);
    }
  }

  private void lost(int requests, String why) {
    dropped.addAndGet(requests);
    if (well) {
      well = false;
      LOG.warn("the telemetry sink {} {}: requests and figures for it are lost", sink(), why);
    }
  }
}

package dev.tenon.proxy.report;

import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.loop.Timer;
import dev.tenon.spi.telemetry.FinishedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where one loop puts finished requests for sinks. One waits at most a quarter of a second. */
public final class RecordLane {
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int BATCH = 256;

  private final List<SinkFeed> sinks;
  private final LoopState loop;
  private List<FinishedRequest> batch = new ArrayList<>();
  private final Timer wait =
      new Timer() {
        @Override
        protected void expired() {
          handOver();
        }
      };

  RecordLane(List<SinkFeed> sinks, LoopState loop) {
    this.sinks = sinks;
    this.loop = loop;
  }

  /** Takes one more. */
  public void add(FinishedRequest request) {
    batch.add(request);
    if (batch.size() >= BATCH) {
      handOver();
    } else if (!wait.armed()) {
      loop.timers().armIn(wait, LONGEST_WAIT);
    }
  }

  /** Gives what is there to the sinks. */
  public void handOver() {
    loop.timers().disarm(wait);
    if (!batch.isEmpty()) {
      List<FinishedRequest> full = List.copyOf(batch);
      batch = new ArrayList<>();
      sinks.forEach(sink -> sink.offer(full));
    }
  }
}

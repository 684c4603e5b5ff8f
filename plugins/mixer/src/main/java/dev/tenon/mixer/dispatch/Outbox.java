package dev.tenon.mixer.dispatch;

import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.policy.Instance;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one handler is yet to be told: batches of one template each, one call at a time, in order. What does
 * not fit is dropped and counted. Thread-safe; never waits, except where it says so.
 */
final class Outbox {
  private static final int MOST = 32;
  private static final long PAUSE_MILLIS = 2;

  private final Handler handler;
  private final ArrayBlockingQueue<List<Instance>> queue = new ArrayBlockingQueue<>(MOST);
  private final AtomicBoolean busy = new AtomicBoolean();

  Outbox(Handler handler) {
    this.handler = handler;
  }

  void offer(List<Instance> batch) {
    if (!queue.offer(batch)) {
      handler.tally().lost.add(batch.size());
    }
    next();
  }

  private void next() {
    while (!queue.isEmpty() && busy.compareAndSet(false, true)) {
      List<Instance> batch = queue.poll();
      if (batch == null) {
        busy.set(false);
      } else if (tell(batch)) {
        return;
      }
    }
  }

  /** Tells a batch; true when that goes on elsewhere and comes back to {@link #next}. */
  private boolean tell(List<Instance> batch) {
    Object entered = handler.enter(batch.getFirst().template());
    if (!(entered instanceof Lease lease)) {
      handler.tally().lost.add(batch.size());
      busy.set(false);
      return false;
    }
    long begin = System.nanoTime();
    if (lease.nonBlocking()) {
      try {
        told(batch, lease.guard().call(Question.REPORT, lease.adapter(), batch, trouble -> trouble), begin);
      } finally {
        lease.leave();
        busy.set(false);
      }
      return false;
    }
    lease
        .guard()
        .callLater(
            Question.REPORT, lease.adapter(), batch, trouble -> trouble,
            () -> {
              lease.leave();
              busy.set(false);
              next();
            },
            said -> told(batch, said, begin));
    return true;
  }

  private void told(List<Instance> batch, Object said, long begin) {
    handler.tally().took(System.nanoTime() - begin);
    (said instanceof Trouble ? handler.tally().lost : handler.tally().reported).add(batch.size());
  }

  /** Waits until nothing waits and nothing is under way; at most until a moment of {@link System#nanoTime}. */
  void awaitEmpty(long end) {
    while ((busy.get() || !queue.isEmpty()) && System.nanoTime() - end < 0) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}

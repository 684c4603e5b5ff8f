package dev.tenon.kernel.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks fifty times a second at what each event loop is doing: takes samples, and ends calls of plugs
 * that hold a loop. Its own delays count as one look each, so that a pause of the whole process is not
 * held against a plug.
 */
final class Watchdog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
  private static final long TICK_MILLIS = 20;
  private static final int TICKS_IN_A_SECOND = 50;
  private static final int FRAMES = 12;

  private final Roll roll;
  private final Accounts accounts;
  private final Guarding.Listener listener;
  private final Map<MarkedThread, LoopWatch> loops = new HashMap<>();
  private final Thread thread;
  private volatile List<String> hung = List.of();
  private volatile boolean closed;

  Watchdog(Roll roll, Accounts accounts, Guarding.Listener listener) {
    this.roll = roll;
    this.accounts = accounts;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("watchdog")
        .inheritInheritableThreadLocals(false).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    look();
    roll.beginSampling();
    long settled = System.nanoTime();
    int ticks = 0;
    while (!closed) {
      try {
        Thread.sleep(TICK_MILLIS);
        look();
        if (++ticks == TICKS_IN_A_SECOND) {
          ticks = 0;
          long now = System.nanoTime();
          settle(now - settled);
          settled = now;
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.error("the watchdog failed in a look", e);
      }
    }
  }

  private void look() {
    List<String> now = new ArrayList<>();
    for (MarkedThread each : roll.threads()) {
      if (each.owner() == null) {
        loops.computeIfAbsent(each, loop -> new LoopWatch(loop, listener)).look().ifPresent(now::add);
      }
    }
    if (!now.equals(hung)) {
      hung = List.copyOf(now);
    }
  }

  /** What event loops are held by, one line each. */
  List<String> hung() {
    return hung;
  }

  private void settle(long nanos) {
    loops.keySet().retainAll(roll.threads());
    loops.values().forEach(LoopWatch::settle);
    for (MarkedThread each : roll.threads()) {
      Account owner = each.owner();
      if (owner != null) {
        owner.spent().look(each);
      }
    }
    accounts.all().forEach(each -> each.spent().settle(nanos));
  }

  /** Where a thread is, for the log. */
  static String stack(Thread thread) {
    StringBuilder text = new StringBuilder();
    StackTraceElement[] frames = thread.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
      text.append("\n    at ").append(frames[i]);
    }
    return text.toString();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.interrupt();
    if (thread.isAlive()) {
      thread.join(1000);
    }
    loops.forEach((loop, watch) -> watch.pardon());
  }
}

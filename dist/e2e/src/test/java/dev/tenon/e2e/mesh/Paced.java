package dev.tenon.e2e.mesh;

import dev.tenon.cli.process.Caller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A load at a fixed rate, evenly spaced: what is late is sent later, not left out. Answers are counted by their status, 0 for none.
 */
public final class Paced implements AutoCloseable {
  private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
  private final AtomicLong longest = new AtomicLong();
  private final List<Thread> lanes = new ArrayList<>();
  private final Queue<Long> sent = new ConcurrentLinkedQueue<>();
  private final Queue<Long> odd = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;

  private Paced() {}

  /**
   * Starts one.
   *
   * @param lanes connections, used in turn: each waits for its answer
   */
  public static Paced start(String host, int port, Map<String, String> headers, double perSecond, int lanes) {
    return start(host, port, headers, perSecond, lanes, System.nanoTime());
  }

  /**
   * The same.
   *
   * @param begin when the first request is due, by {@link System#nanoTime}
   */
  public static Paced start(String host, int port, Map<String, String> headers, double perSecond, int lanes, long begin) {
    Paced load = new Paced();
    double interval = 1e9 / perSecond;
    for (int i = 0; i < lanes; i++) {
      int lane = i;
      load.lanes.add(Thread.ofVirtual().start(() -> load.run(host, port, headers, begin, interval, lane, lanes)));
    }
    return load;
  }

  private void run(String host, int port, Map<String, String> headers, long begin, double interval, int lane, int all) {
    try (Caller caller = new Caller(host, port)) {
      long i = lane;
      for (; !ended; i += all) {
        long due = begin + (long) (i * interval);
        for (long wait = due - System.nanoTime(); wait > 0 && !ended; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        if (!ended) {
          once(caller, headers);
        }
      }
    } catch (IOException e) {
      count(0);
    }
  }

  private void once(Caller caller, Map<String, String> headers) {
    long now = System.nanoTime();
    sent.add(now);
    int status;
    try {
      status = caller.get("/", headers).status();
    } catch (IOException | RuntimeException e) {
      status = 0;
    }
    count(status);
    if (status != 200 && status != 429) {
      odd.add(now);
    }
    longest.accumulateAndGet(System.nanoTime() - now, Math::max);
  }

  private void count(int status) {
    statuses.computeIfAbsent(status, each -> new LongAdder()).increment();
  }

  /** How many requests were sent in a stretch of time. */
  public long sent(long from, long to) {
    return sent.stream().filter(each -> each >= from && each < to).count();
  }

  /** How many of them were neither let go on nor limited. */
  public long odd(long from, long to) {
    return odd.stream().filter(each -> each >= from && each < to).count();
  }

  /** How many answers had this status so far. */
  public long of(int status) {
    LongAdder count = statuses.get(status);
    return count == null ? 0 : count.sum();
  }

  /** All that were answered, and those that were not. */
  public long all() {
    return statuses.values().stream().mapToLong(LongAdder::sum).sum();
  }

  public Map<Integer, Long> statuses() {
    Map<Integer, Long> all = new TreeMap<>();
    statuses.forEach((status, count) -> all.put(status, count.sum()));
    return all;
  }

  /** The longest that an answer took since the last time that this was asked. */
  public long longestMillis() {
    return longest.getAndSet(0) / 1_000_000;
  }

  /** Sends no more, and waits for what is under way. */
  @Override
  public void close() {
    ended = true;
    for (Thread lane : lanes) {
      try {
        lane.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}

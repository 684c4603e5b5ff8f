package dev.tenon.cli.demo;

import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Caller.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A user who asks several sidecars in turn, at fixed moments, and counts who let him in. What he came to so far may be read
 * at any time.
 */
final class LimitedUser implements AutoCloseable {
  /** A service's port as its sidecar has it. */
  record Door(String host, String path) {}

  /** What he came to so far; {@code left} is what the last answer said of the limit, or -1. */
  record Count(int admitted, int denied, int failed, int left) {}

  private final String name;
  private final int perSecond;
  private final List<Door> doors;
  private final Thread thread;
  private final List<Long> admissions = new ArrayList<>();
  private int denied;
  private int failed;
  private int left = -1;
  private String failure = "";
  private volatile boolean ended;

  /** Begins to ask. */
  LimitedUser(String name, int perSecond, List<Door> doors) {
    this.name = name;
    this.perSecond = perSecond;
    this.doors = List.copyOf(doors);
    this.thread = Thread.ofVirtual().name("user-" + name).start(this::ask);
  }

  private void ask() {
    List<Caller> callers = doors.stream().map(door -> new Caller(door.host(), Bookinfo.SERVICE_PORT)).toList();
    long interval = 1_000_000_000L / perSecond;
    long next = System.nanoTime();
    for (int i = 0; !ended; i++) {
      while (System.nanoTime() - next < 0) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      next += interval;
      int door = i % doors.size();
      try {
        count(callers.get(door).get(doors.get(door).path(), Map.of("x-demo-user", name)));
      } catch (IOException | RuntimeException e) {
        failed(e.toString());
      }
    }
    for (Caller caller : callers) {
      try {
        caller.close();
      } catch (IOException e) {
        failed(e.toString());
      }
    }
  }

  private synchronized void count(Answer answer) {
    switch (answer.status()) {
      case 200 -> admissions.add(System.nanoTime());
      case 429 -> denied++;
      default -> failed(answer.status() + ": " + answer.body().lines().findFirst().orElse(""));
    }
    String remaining = answer.header("x-ratelimit-remaining");
    left = remaining.isEmpty() ? -1 : Integer.parseInt(remaining);
  }

  private synchronized void failed(String why) {
    failed++;
    failure = why;
  }

  synchronized Count count() {
    return new Count(admissions.size(), denied, failed, left);
  }

  /** Why the last request failed that did. */
  synchronized String failure() {
    return failure;
  }

  /** The most that were let in within any stretch of time as long as this. */
  synchronized int mostWithin(long nanos) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < admissions.size(); to++) {
      while (admissions.get(to) - admissions.get(from) >= nanos) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

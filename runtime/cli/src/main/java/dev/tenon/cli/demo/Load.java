package dev.tenon.cli.demo;

import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Caller.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady load on the gateway: a few clients, each asking for the page at fixed moments, whatever
 * the answers do. Bounded by its rate and by its end. Each request counts for the span that was open
 * when it began.
 */
final class Load implements AutoCloseable {
  private static final int CLIENTS = 8;
  private static final long INTERVAL_NANOS = 80_000_000;
  private final String gateway;
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicInteger reconnects = new AtomicInteger();
  private volatile Tally span = new Tally();
  private volatile boolean ended;

  Load(String gateway) {
    this.gateway = gateway;
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      clients.add(Thread.ofVirtual().name("load-" + i).start(() -> ask(client)));
    }
  }

  static int perSecond() {
    return (int) (CLIENTS * 1_000_000_000L / INTERVAL_NANOS);
  }

  /** Begins a new span and gives it. */
  Tally begin() {
    Tally next = new Tally();
    span = next;
    return next;
  }

  /** How often a client found its kept connection closed. */
  int reconnects() {
    return reconnects.get();
  }

  private void ask(int client) {
    long next = System.nanoTime() + client * INTERVAL_NANOS / CLIENTS;
    try (Caller caller = new Caller(gateway, Bookinfo.GATEWAY_PORT)) {
      while (!ended) {
        LockSupport.parkNanos(next - System.nanoTime());
        if (System.nanoTime() < next) {
          continue;
        }
        next = Math.max(next + INTERVAL_NANOS, System.nanoTime() - INTERVAL_NANOS);
        int before = caller.reconnects();
        once(caller);
        reconnects.addAndGet(caller.reconnects() - before);
      }
    } catch (IOException e) {
      span.failed("closing a connection failed: " + e.getMessage());
    }
  }

  private void once(Caller caller) {
    Tally tally = span;
    long start = System.nanoTime();
    try {
      Answer answer = caller.get("/productpage", Map.of());
      String fault = Page.fault(answer);
      if (fault.isEmpty()) {
        tally.answered(Page.reviewsVersion(answer), System.nanoTime() - start);
      } else {
        tally.failed(fault);
      }
    } catch (IOException | RuntimeException e) {
      tally.failed(e.toString());
    }
  }

  @Override
  public void close() {
    ended = true;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}

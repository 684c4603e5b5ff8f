package dev.tenon.e2e.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.tenon.cli.process.Caller;
import dev.tenon.cli.process.Caller.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A steady load: a few clients, each with a connection that it keeps, asking at fixed moments whatever the
 * answers do. Bounded by its rate and by its end. Nothing is asked twice; a failure is counted with its reason.
 */
public final class Load implements AutoCloseable {
  private static final int CLIENTS = 4;
  private final String host;
  private final int port;
  private final String target;
  private final long intervalNanos;
  private final Function<Answer, String> fault;
  private final Function<Answer, String> kind;
  private final List<Thread> clients = new ArrayList<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private int requests;
  private int reconnects;
  private volatile boolean ended;

  private Load(
      String host, int port, String target, int perSecond, Function<Answer, String> fault, Function<Answer, String> kind) {
    this.host = host;
    this.port = port;
    this.target = target;
    this.intervalNanos = CLIENTS * 1_000_000_000L / perSecond;
    this.fault = fault;
    this.kind = kind;
  }

  /**
   * Starts one.
   *
   * @param fault what is wrong with an answer, empty when nothing is
   * @param kind what a good answer is counted as
   */
  public static Load start(
      String host, int port, String target, int perSecond, Function<Answer, String> fault, Function<Answer, String> kind) {
    Load load = new Load(host, port, target, perSecond, fault, kind);
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      load.clients.add(Thread.ofPlatform().daemon().name("load-" + i).start(() -> load.ask(client)));
    }
    return load;
  }

  /** Holds the load until so many more requests have been answered or have failed. */
  public Load hold(int more) {
    int until = requests() + more;
    await("the load's requests").atMost(Duration.ofSeconds(150)).until(() -> requests() >= until);
    return this;
  }

  public synchronized int requests() {
    return requests;
  }

  /** Every failure's reason, in order. */
  public synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** How often a kept connection had been closed by the time it was used again. */
  public synchronized int reconnects() {
    return reconnects;
  }

  /** How many good answers there were of each kind. */
  public synchronized Map<String, Integer> kinds() {
    return Map.copyOf(kinds);
  }

  /**
   * Holds the load, and compares each kind's share of the answers with what was wanted (0 … 1). A share may be
   * off by five and a half standard deviations of a draw by lot: a right one misses that once in 25 million runs.
   */
  public void expectShares(int more, Map<String, Double> wanted) {
    hold(more);
    assertThat(failures()).isEmpty();
    assertThat(wanted.keySet()).containsAll(kinds().keySet());
    wanted.forEach(
        (kind, share) ->
            assertThat(share(kind))
                .as("share of %s in %s", kind, kinds())
                .isCloseTo(share, within(5.5 * Math.sqrt(share * (1 - share) / requests()))));
  }

  /** The share of one kind among the good answers, 0 … 1. */
  public synchronized double share(String wanted) {
    int all = kinds.values().stream().mapToInt(Integer::intValue).sum();
    return all == 0 ? 0 : kinds.getOrDefault(wanted, 0) / (double) all;
  }

  private void ask(int client) {
    long next = System.nanoTime() + client * intervalNanos / CLIENTS;
    try (Caller caller = new Caller(host, port)) {
      while (!ended) {
        LockSupport.parkNanos(next - System.nanoTime());
        if (System.nanoTime() < next) {
          continue;
        }
        next = Math.max(next + intervalNanos, System.nanoTime() - intervalNanos);
        once(caller);
      }
    } catch (IOException e) {
      count("closing failed: " + e.getMessage(), "", 0);
    }
  }

  private void once(Caller caller) {
    int before = caller.reconnects();
    try {
      Answer answer = caller.get(target, Map.of());
      count(fault.apply(answer), kind.apply(answer), caller.reconnects() - before);
    } catch (IOException | RuntimeException e) {
      count(e.toString(), "", caller.reconnects() - before);
    }
  }

  private synchronized void count(String failure, String counted, int reconnected) {
    requests++;
    reconnects += reconnected;
    if (failure.isEmpty()) {
      kinds.merge(counted, 1, Integer::sum);
    } else {
      failures.add(failure);
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

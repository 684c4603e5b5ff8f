package dev.tenon.registry.consul.watch;

import dev.tenon.registry.consul.ask.Answer;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Query;
import dev.tenon.registry.consul.ask.Unanswered;
import dev.tenon.registry.consul.read.Answers;
import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.Instance;
import dev.tenon.registry.consul.read.Several;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one data centre: one long poll tells which services there are, one tells of every check, and
 * only what differs is read. A slow sweep over the nodes finds what neither tells: metadata, weights,
 * instances without checks.
 */
public final class Datacenter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Datacenter.class);

  /** Who is told. Called on one thread at a time for changes, on any for troubles. */
  public interface Listener {
    /**
     * Services that changed; one that is gone has no instances. The first call has everything.
     *
     * @param instances by Consul's name of the service
     */
    void changed(String datacenter, Map<String, List<Instance>> instances);

    /** How it stands with the data centre. */
    void state(String datacenter, Standing standing);
  }

  /**
   * How it stands.
   *
   * @param lost some question is not answered: what is known may not be so any more
   * @param reason one line for an operator; empty when all is well
   */
  public record Standing(boolean lost, String reason) {
    /** Nothing is wrong. */
    public static final Standing WELL = new Standing(false, "");
  }

  /**
   * How it is followed.
   *
   * @param longest how long a blocking query lasts at most
   * @param sweep how long until a change is found that no blocking query tells
   * @param stale whether any server may answer, not only the leader
   * @param readers how many services are read at once
   */
  public record Habits(Duration longest, Duration sweep, boolean stale, int readers) {}

  private static final Duration OLD = Duration.ofSeconds(5);

  private final String name;
  private final Consul consul;
  private final Habits habits;
  private final Listener listener;
  private final Ledger ledger = new Ledger();
  private final Map<String, Standing> standings = new TreeMap<>();
  private final ExecutorService threads;

  private Datacenter(String name, Consul consul, Habits habits, Listener listener) {
    this.name = name;
    this.consul = consul;
    this.habits = habits;
    this.listener = listener;
    this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("consul-" + name + "-", 0).factory());
  }

  /**
   * Begins to follow.
   *
   * @param name the data centre's; empty for the agent's own
   */
  public static Datacenter follow(String name, Consul consul, Habits habits, Listener listener) {
    Datacenter followed = new Datacenter(name, consul, habits, listener);
    followed.start();
    return followed;
  }

  /** Work until the end. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private void start() {
    begin(this::look);
  }

  /** Where the first look fails, the polls and the readers find everything by themselves, and say what is wrong. */
  private void look() throws InterruptedException {
    Optional<Beginning.Found> found = Optional.empty();
    try {
      found = Beginning.look(consul, name, habits.readers(), threads);
      found.ifPresent(ledger::begin);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      log.debug("the first look at Consul failed", e);
    }
    long services = found.map(Beginning.Found::services).orElse(0L);
    long checks = found.map(Beginning.Found::checks).orElse(0L);
    begin(() -> poll("/v1/catalog/services", this::services).from(services));
    begin(() -> poll("/v1/health/state/any", this::checks).from(checks));
    begin(this::sweep);
    begin(this::tell);
    for (int i = 0; i < habits.readers(); i++) {
      begin(this::read);
    }
  }

  private void begin(Work work) {
    threads.execute(() -> {
      try {
        work.run();
      } catch (InterruptedException | RejectedExecutionException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        log.error("the registry of Consul failed in data centre {}", name, e);
        standing("itself", new Standing(true, "it failed: " + e));
      }
    });
  }

  /** What an answer is for. */
  private interface Reading {
    void read(Answer answer) throws IOException;
  }

  private Poll poll(String path, Reading reading) {
    return new Poll(consul, path, name, habits.stale(), habits.longest(), new Poll.Listener() {
      @Override
      public void answered(Answer answer) throws IOException {
        reading.read(answer);
      }

      @Override
      public void well(Answer answer) {
        standing(path, standing(answer));
      }

      @Override
      public void trouble(String reason) {
        standing(path, new Standing(true, reason));
      }
    });
  }

  private static Standing standing(Answer answer) {
    if (answer.leader() && answer.age().compareTo(OLD) < 0) {
      return Standing.WELL;
    }
    return new Standing(false, "answers are " + answer.age().toSeconds() + " s old" + (answer.leader() ? "" : ", no leader is known"));
  }

  private void services(Answer answer) throws IOException {
    if (!ledger.services(Answers.services(answer.body()))) {
      throw new Unanswered("it lists no service, not even its own: the token may see none; what was known stays");
    }
  }

  private void checks(Answer answer) throws IOException {
    Several<Check> checks = Answers.checks(answer.body());
    checks.refused().forEach(each -> log.warn("{}", each));
    ledger.checks(checks.items());
  }

  private void read() throws InterruptedException {
    int failures = 0;
    while (true) {
      String service = ledger.take();
      try {
        Answer answer = consul.get("/v1/health/service/" + segment(service), Query.now(name, false));
        Several<Instance> instances = Answers.instances(answer.body());
        instances.refused().forEach(each -> log.warn("{}: {}", service, each));
        if (answer.filtered() && instances.items().isEmpty() && ledger.knows(service)) {
          throw new Unanswered("the token may not see the service " + service + " any more; what was known of it stays");
        }
        ledger.read(service, instances.items());
        failures = 0;
        standing("reading", Standing.WELL);
      } catch (IOException e) {
        ledger.failed(service);
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        standing("reading", new Standing(true, String.valueOf(e.getMessage())));
        Thread.sleep(Pace.afterFailures(++failures));
      }
    }
  }

  private void tell() throws InterruptedException {
    while (true) {
      listener.changed(name, ledger.changes());
    }
  }

  private void sweep() throws InterruptedException {
    ledger.awaitComplete();
    Pace pace = new Pace(200, 1);
    Agreed agreed = new Agreed();
    while (true) {
      Thread.sleep(Pace.jittered(habits.sweep()));
      try {
        List<String> nodes = Answers.nodes(ask("/v1/catalog/nodes"));
        ledger.nodes(nodes);
        agreed.keep(new HashSet<>(nodes));
        for (String node : nodes) {
          pace.await();
          look(node, agreed);
        }
        standing("sweep", Standing.WELL);
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        standing("sweep", new Standing(true, String.valueOf(e.getMessage())));
      }
    }
  }

  /** At rest every node says the same text each time, and nobody reads it twice. */
  private void look(String node, Agreed agreed) throws IOException {
    String body = ask("/v1/catalog/node-services/" + segment(node));
    String digest = Agreed.digest(body);
    if (!agreed.with(node, digest)) {
      agreed.read(node, digest, ledger.node(node, Answers.node(body).definitions().items()));
    }
  }

  private String ask(String path) throws IOException {
    return consul.get(path, Query.now(name, habits.stale())).body();
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void standing(String where, Standing now) {
    Standing worst;
    synchronized (standings) {
      Standing before = now.equals(Standing.WELL) ? standings.remove(where) : standings.put(where, now);
      if (now.equals(before == null ? Standing.WELL : before)) {
        return;
      }
      worst = standings.values().stream().max(Comparator.comparing(Standing::lost)).orElse(Standing.WELL);
    }
    listener.state(name, worst);
  }

  /** Ends every question; the listener is not called any more when it returns. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(15, TimeUnit.SECONDS)) {
        log.warn("a question to Consul does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.tenon.registry.consul.register;

import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Unanswered;
import dev.tenon.registry.consul.watch.Pace;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Consul's agent of what other registries of this process have, at most {@value #MOST} endpoints,
 * each with a check that this keeps alive. A control plane that dies leaves them critical after {@link
 * #LIFE}, and Consul takes them out a minute later.
 */
public final class Registrations implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Registrations.class);

  static final Duration LIFE = Duration.ofSeconds(45);
  private static final int MOST = 1_000;
  private static final Duration ROUND = Duration.ofSeconds(12);

  private final Consul consul;
  private final String own;
  private final String domain;
  private final Map<String, Subscription> subscriptions = new HashMap<>();
  private final Map<String, Registry> sources = new HashMap<>();
  private final Map<String, Catalog> catalogs = new TreeMap<>();
  private final Map<String, Registration> told = new HashMap<>();
  private final Subscription offers;
  private final Thread thread;
  private boolean changed;

  /**
   * Begins to follow and to tell.
   *
   * @param own the name of the registry that is Consul itself
   * @param domain the mesh's, which marks what it registers
   */
  public Registrations(Consul consul, String own, String domain, Source<List<Offer<Registry>>> registries) {
    this.consul = consul;
    this.own = own;
    this.domain = domain;
    thread = Thread.ofVirtual().name("consul-register").unstarted(this::run);
    offers = registries.subscribe(this::offered);
    thread.start();
  }

  /** One that is gone leaves its last catalog, as it does in the mesh. */
  @SuppressWarnings("ReferenceEquality") // another object is another generation
  private synchronized void offered(List<Offer<Registry>> all) {
    Map<String, Registry> there = new HashMap<>();
    all.forEach(each -> there.putIfAbsent(each.service().name(), each.service()));
    there.remove(own);
    List.copyOf(sources.keySet()).stream().filter(name -> sources.get(name) != there.get(name)).forEach(this::leave);
    there.forEach((name, registry) -> {
      if (!sources.containsKey(name)) {
        sources.put(name, registry);
        subscriptions.put(name, registry.catalog().subscribe(catalog -> see(name, registry, catalog)));
      }
    });
  }

  private void leave(String name) {
    sources.remove(name);
    Subscription open = subscriptions.remove(name);
    if (open != null) {
      open.close();
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private synchronized void see(String name, Registry from, Catalog catalog) {
    if (sources.get(name) == from) {
      catalogs.put(name, catalog);
      changed = true;
      notifyAll();
    }
  }

  private void run() {
    int failures = 0;
    long beat = System.nanoTime();
    try {
      while (true) {
        Map<String, Registration> wanted = next(beat);
        try {
          bring(wanted);
          if (System.nanoTime() - beat > ROUND.toNanos()) {
            beat = System.nanoTime();
            keepAlive();
          }
          failures = 0;
        } catch (Unanswered e) {
          log.warn("Consul is not told of the mesh's workloads: {}", e.getMessage());
          Thread.sleep(Pace.afterFailures(++failures));
          again();
        }
      }
    } catch (InterruptedException _) {
      // the module ends
    }
  }

  /** Waits for a change or the next round. */
  private synchronized Map<String, Registration> next(long beat) throws InterruptedException {
    while (!changed && System.nanoTime() - beat <= ROUND.toNanos()) {
      wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(ROUND.toNanos() - (System.nanoTime() - beat)) + 1));
    }
    changed = false;
    return Registration.of(catalogs.values(), domain);
  }

  private synchronized void again() {
    changed = true;
  }

  private void bring(Map<String, Registration> wanted) throws Unanswered, InterruptedException {
    if (wanted.size() > MOST) {
      log.warn("there are {} endpoints; Consul is told of {}", wanted.size(), MOST);
    }
    Pace pace = new Pace(200, 20);
    int count = 0;
    for (Registration each : wanted.values()) {
      if (++count <= MOST && !each.equals(told.get(each.id()))) {
        pace.await();
        register(each);
      }
    }
    for (String id : List.copyOf(told.keySet())) {
      if (!wanted.containsKey(id)) {
        pace.await();
        consul.put("/v1/agent/service/deregister/" + segment(id), List.of(), "");
        told.remove(id);
      }
    }
  }

  private void register(Registration each) throws Unanswered {
    Consul.Reply reply = consul.put("/v1/agent/service/register", List.of(), each.body());
    if (reply.status() != 200) {
      throw new Unanswered("answered " + reply.status() + " to the registration of " + each.id() + ": " + Consul.firstLine(reply.body()));
    }
    told.put(each.id(), each);
  }

  private void keepAlive() throws Unanswered, InterruptedException {
    Pace pace = new Pace(200, 20);
    for (Registration each : List.copyOf(told.values())) {
      pace.await();
      String status = "{\"Status\":\"" + (each.healthy() ? "passing" : "critical") + "\"}";
      if (consul.put("/v1/agent/check/update/" + segment(each.id()), List.of(), status).status() != 200) {
        // The agent forgot it: it was started anew, or took it out while it was critical.
        register(each);
      }
    }
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Takes everything out of Consul that this put there; for a module that nobody takes over. */
  public void withdraw() {
    end();
    for (String id : List.copyOf(told.keySet())) {
      try {
        consul.put("/v1/agent/service/deregister/" + segment(id), List.of(), "");
        told.remove(id);
      } catch (Unanswered e) {
        log.warn("{} stays in Consul until its check has expired: {}", id, e.getMessage());
        return;
      }
    }
  }

  private void end() {
    offers.close();
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(12));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
    synchronized (this) {
      List.copyOf(sources.keySet()).forEach(this::leave);
    }
  }
}

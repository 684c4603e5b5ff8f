package dev.tenon.pilot.gather;

import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.ServiceEntry.Resolution;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of host names that rules ({@code resolution: DNS}) and registries name as endpoints. Each is looked up
 * when it is first named, and again every half minute; when that fails the last addresses stay.
 * Proxies are given addresses alone.
 *
 * <p>Guarded by its owner, which is told of results by a change of its own; lookups run on virtual
 * threads, a few at a time.
 */
public final class NameBook {
  private static final Logger LOG = LoggerFactory.getLogger(NameBook.class);
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final int AT_ONCE = 16;

  private final Lookup lookup;
  private final ScheduledExecutorService timers;
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final Map<String, List<String>> addresses = new TreeMap<>();
  private final Set<String> tried = new HashSet<>();
  private Set<String> wanted = Set.of();
  private Consumer<Runnable> owner = Runnable::run;
  private @Nullable Future<?> timer;

  /** Asks for the addresses of a host; may block. */
  @FunctionalInterface
  public interface Lookup {
    /**
     * All addresses in text form.
     *
     * @throws UnknownHostException when there are none, or nobody could say
     */
    List<String> addresses(String host) throws UnknownHostException;

    /** The system's own resolver. */
    static List<String> system(String host) throws UnknownHostException {
      return Arrays.stream(InetAddress.getAllByName(host)).map(InetAddress::getHostAddress).toList();
    }
  }

  /**
   * An empty book.
   *
   * @param timers when to look again; not shut down here
   */
  public NameBook(Lookup lookup, ScheduledExecutorService timers) {
    this.lookup = lookup;
    this.timers = timers;
  }

  /** Whom results are told, as changes to be made. */
  void belongsTo(Consumer<Runnable> gatherer) {
    owner = gatherer;
  }

  /** Takes up what these rules and catalogs name, and forgets what they do not. */
  void follow(RuleSet rules, Collection<Catalog> catalogs) {
    Set<String> before = wanted;
    wanted = namesIn(rules);
    HostNames.in(catalogs, wanted);
    addresses.keySet().retainAll(wanted);
    tried.retainAll(wanted);
    wanted.stream().filter(host -> !before.contains(host)).forEach(this::start);
    if (!wanted.isEmpty() && timer == null) {
      schedule();
    }
  }

  /** Whether every name has been looked up once, with whatever success. */
  boolean isComplete() {
    return tried.containsAll(wanted);
  }

  /** What is known: host → addresses, sorted. */
  Map<String, List<String>> addresses() {
    return Map.copyOf(addresses);
  }

  void close() {
    wanted = Set.of();
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private static Set<String> namesIn(RuleSet rules) {
    Set<String> names = new HashSet<>();
    for (ServiceEntry entry : rules.serviceEntries().values()) {
      if (entry.resolution() != Resolution.DNS) {
        continue;
      }
      entry.endpoints().forEach(endpoint -> names.add(endpoint.address()));
      if (entry.endpoints().isEmpty() && entry.workloadSelector().isEmpty()) {
        names.addAll(entry.hosts());
      }
    }
    rules.workloadEntries().values().forEach(entry -> names.add(entry.spec().address()));
    names.removeIf(name -> name.isEmpty() || name.startsWith("*") || Names.ipAddress(name).isPresent());
    return names;
  }

  private void start(String host) {
    Thread.ofVirtual().name("tenon-pilot-lookup").start(() -> look(host));
  }

  private void look(String host) {
    turns.acquireUninterruptibly();
    try {
      List<String> found = lookup.addresses(host).stream().sorted().toList();
      owner.accept(() -> found(host, found));
    } catch (UnknownHostException e) {
      LOG.warn("{}, named by a rule or a registry, cannot be looked up: {}", host, e.getMessage());
      owner.accept(() -> tried.add(host));
    } finally {
      turns.release();
    }
  }

  private void found(String host, List<String> found) {
    if (wanted.contains(host)) {
      tried.add(host);
      addresses.put(host, found);
    }
  }

  private void schedule() {
    try {
      timer =
          timers.scheduleWithFixedDelay(
              () -> owner.accept(() -> wanted.forEach(this::start)),
              AGAIN.toMillis(),
              AGAIN.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the generation has ended", e);
    }
  }
}

package dev.tenon.pilot.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.pilot.support.Town;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.ServiceEntry.Resolution;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is said before all have spoken; nothing that was said is lost. */
class GathererTest {
  private final Cell<List<Offer<Registry>>> registries = new Cell<>(List.of());
  private final Cell<List<Offer<Rules>>> rules = new Cell<>(List.of());
  private final Cell<RuleSet> ruleSet = new Cell<>();
  private final List<Inputs> seen = new CopyOnWriteArrayList<>();
  private final Map<String, List<String>> known = new ConcurrentHashMap<>();
  private final Clock clock = new Clock();
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private Gatherer gatherer = new Gatherer(registries, rules, Optional.empty(), CompletableFuture.completedFuture(null), names(), clock);

  private NameBook names() {
    return new NameBook(
        host -> {
          List<String> addresses = known.get(host);
          if (addresses == null) {
            throw new UnknownHostException(host);
          }
          return addresses;
        },
        timers);
  }

  /** Time that passes when the test says so. */
  private static final class Clock implements Later {
    private final NavigableMap<Instant, Runnable> tasks = new TreeMap<>();
    private Instant now = Instant.EPOCH;

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public void after(Duration delay, Runnable task) {
      tasks.put(now.plus(delay), task);
    }

    void pass(int seconds) {
      now = now.plusSeconds(seconds);
      while (!tasks.isEmpty() && !tasks.firstKey().isAfter(now)) {
        tasks.pollFirstEntry().getValue().run();
      }
    }
  }

  /** A registry that says what the test says. */
  private record Listed(String name, Cell<Catalog> catalog, Cell<RegistryState> state) implements Registry {
    Listed(String name) {
      this(name, new Cell<>(), new Cell<>(new RegistryState(RegistryState.Kind.CURRENT, Instant.EPOCH, "")));
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A registry that locks itself for whoever asks for its catalog, as one does that brings itself up to date first. */
  private record Locked(Listed listed, ReentrantLock lock, CountDownLatch asked) implements Registry {
    @Override
    public String name() {
      return listed.name();
    }

    @Override
    public Source<Catalog> catalog() {
      return subscriber -> {
        asked.countDown();
        lock.lock();
        try {
          return listed.catalog().subscribe(subscriber);
        } finally {
          lock.unlock();
        }
      };
    }

    @Override
    public Source<RegistryState> state() {
      return listed.state();
    }
  }

  @BeforeEach
  void listen() {
    gatherer.inputs().subscribe(seen::add);
  }

  @AfterEach
  void close() {
    gatherer.close();
    timers.shutdownNow();
  }

  private void offer(Listed... all) {
    registries.set(
        List.of(all).stream().map(each -> new Offer<Registry>(each.name(), "1", each)).toList());
  }

  private void offerRules() {
    rules.set(List.of(new Offer<>("galley", "1", () -> ruleSet)));
  }

  private static Catalog catalog() {
    return Town.bookinfo().inputs().catalogs().values().iterator().next();
  }

  @Test
  void nothingIsSaidBeforeTheRulesAndEveryRegistryHaveSpoken() {
    Listed vm = new Listed("vm");
    Listed consul = new Listed("consul");
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    assertThat(gatherer.missing()).containsExactly("a registry");
    offer(vm, consul);
    vm.catalog().set(catalog());
    assertThat(seen).isEmpty();
    assertThat(gatherer.missing()).containsExactly("the catalog of registry consul");
    consul.catalog().set(Catalog.EMPTY);
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().catalogs()).containsOnlyKeys("consul", "vm");
  }

  @Test
  void theRulesAreWaitedForToo() {
    Listed vm = new Listed("vm");
    vm.catalog().set(catalog());
    offer(vm);
    offerRules();
    assertThat(seen).isEmpty();
    assertThat(gatherer.missing()).containsExactly("the rules");
    ruleSet.set(RuleSet.EMPTY);
    assertThat(seen).hasSize(1);
  }

  @Test
  void aRegistryThatGoesAwayLeavesItsLastCatalog() {
    Listed vm = new Listed("vm");
    vm.catalog().set(catalog());
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm);
    offer();
    assertThat(seen.getLast().catalogs().get("vm")).isEqualTo(catalog());
    assertThat(gatherer.registries().getFirst().state().kind()).isEqualTo(RegistryState.Kind.STALE);
    Listed successor = new Listed("vm");
    offer(successor);
    assertThat(seen.getLast().catalogs().get("vm")).isEqualTo(catalog());
    successor.catalog().set(Catalog.EMPTY);
    assertThat(seen.getLast().catalogs().get("vm")).isEqualTo(Catalog.EMPTY);
    vm.catalog().set(catalog());
    assertThat(seen.getLast().catalogs().get("vm")).isEqualTo(Catalog.EMPTY);
  }

  @Test
  void aRegistryThatJoinsLaterHoldsNothingUp() {
    Listed vm = new Listed("vm");
    vm.catalog().set(Catalog.EMPTY);
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm);
    offer(vm, new Listed("consul"));
    vm.catalog().set(catalog());
    assertThat(seen.getLast().catalogs().get("vm")).isEqualTo(catalog());
  }

  private static RuleSet naming(String... hosts) {
    Map<String, ServiceEntry> entries = new HashMap<>();
    for (String host : hosts) {
      Meta meta = new Meta("default", host, Position.of("test"));
      List<Port> ports = List.of(new Port(80, "http", Protocol.HTTP));
      entries.put(
          meta.key(),
          new ServiceEntry(
              meta, List.of(host), ports, Map.of(), Resolution.DNS, List.of(), Map.of(), true, List.of("*")));
    }
    return new RuleSet(Map.of(), Map.of(), Map.of(), entries, Map.of(), Map.of(), Map.of());
  }

  @Test
  void hostsThatRulesNameAreLookedUpBeforeAnythingIsSaidAndOnesThatFailHoldNothingUp() {
    known.put("good.example", List.of("10.0.0.2", "10.0.0.1"));
    Listed vm = new Listed("vm");
    vm.catalog().set(Catalog.EMPTY);
    offer(vm);
    ruleSet.set(naming("good.example", "bad.example"));
    offerRules();
    await().atMost(Duration.ofSeconds(40)).until(() -> !seen.isEmpty());
    assertThat(seen.getFirst().addresses())
        .containsOnlyKeys("good.example")
        .containsEntry("good.example", List.of("10.0.0.1", "10.0.0.2"));
    known.put("new.example", List.of("10.0.0.3"));
    ruleSet.set(naming("good.example", "new.example"));
    await().atMost(Duration.ofSeconds(40)).until(() -> seen.getLast().addresses().containsKey("new.example"));
  }

  @Test
  void hostsThatRegistriesNameAreLookedUpToo() {
    known.put("outside.example", List.of("10.0.0.7"));
    Listed consul = new Listed("consul");
    Endpoint named = new Endpoint(80, "outside.example", 8080, Map.of(), 1, Health.HEALTHY, Locality.NONE, "");
    Endpoint plain = new Endpoint(80, "10.0.0.1", 8080, Map.of(), 1, Health.HEALTHY, Locality.NONE, "");
    Service service = new Service(new ServiceName("outside", "default"), List.of(), List.of(new Port(80, "http", Protocol.HTTP)), Map.of(), List.of(named, plain));
    consul.catalog().set(new Catalog(Map.of(service.name(), service), Map.of()));
    offer(consul);
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    await().atMost(Duration.ofSeconds(40)).until(() -> !seen.isEmpty());
    assertThat(seen.getFirst().addresses()).containsEntry("outside.example", List.of("10.0.0.7"));
    assertThat(HostNames.resolved(service, seen.getFirst().addresses()).endpoints()).extracting(Endpoint::address).containsExactly("10.0.0.7", "10.0.0.1");
    assertThat(HostNames.resolved(service, Map.of()).endpoints()).extracting(Endpoint::address).containsExactly("10.0.0.1");
  }

  @Test
  void registriesThatAreRequiredAreWaitedForByName() {
    gatherer.close();
    gatherer = new Gatherer(registries, rules, Optional.of(Set.of("consul")), new CompletableFuture<>(), names(), clock);
    gatherer.inputs().subscribe(seen::add);
    Listed vm = new Listed("vm");
    vm.catalog().set(catalog());
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm);
    assertThat(gatherer.missing()).containsExactly("registry consul");
    assertThat(seen).isEmpty();
  }

  @Test
  void registriesThatTheProcessStartsWithAreWaitedForWithoutBeingNamed() {
    gatherer.close();
    CompletableFuture<Void> came = new CompletableFuture<>();
    gatherer = new Gatherer(registries, rules, Optional.empty(), came, names(), clock);
    gatherer.inputs().subscribe(seen::add);
    Listed vm = new Listed("vm");
    vm.catalog().set(catalog());
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm);
    assertThat(gatherer.missing()).containsExactly("every registry of the profile");
    assertThat(seen).isEmpty();
    Listed consul = new Listed("consul");
    offer(vm, consul);
    came.complete(null);
    assertThat(gatherer.missing()).containsExactly("the catalog of registry consul");
    consul.catalog().set(catalog());
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().catalogs()).containsOnlyKeys("consul", "vm");
  }

  private static RegistryState state(RegistryState.Kind kind, String reason) {
    return new RegistryState(kind, Instant.EPOCH, reason);
  }

  private static void flap(Listed registry, int times) {
    for (int i = 0; i < times; i++) {
      registry.state().set(state(RegistryState.Kind.STALE, "no answer " + i));
      registry.state().set(state(RegistryState.Kind.CURRENT, ""));
    }
  }

  private Catalog latest(String registry) {
    return Objects.requireNonNull(seen.getLast().catalogs().get(registry));
  }

  @Test
  void aRegistryThatFlapsIsBelievedAgainWhenItHasBeenSteady() {
    Listed vm = new Listed("vm");
    vm.catalog().set(Catalog.EMPTY);
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm);
    flap(vm, Damper.MOST - 1);
    vm.catalog().set(catalog());
    assertThat(latest("vm")).as("a few losses are believed at once").isEqualTo(catalog());
    flap(vm, 1);
    vm.catalog().set(Catalog.EMPTY);
    assertThat(latest("vm")).isEqualTo(catalog());
    assertThat(gatherer.registries().getFirst().dampedUntil()).contains(Instant.EPOCH.plusSeconds(10));
    clock.pass(6);
    flap(vm, 1);
    clock.pass(6);
    assertThat(latest("vm")).as("it moved again meanwhile").isEqualTo(catalog());
    clock.pass(4);
    assertThat(latest("vm")).isEqualTo(Catalog.EMPTY);
    assertThat(gatherer.registries().getFirst().dampedUntil()).isEmpty();
    assertThat(gatherer.registries().getFirst().losses()).isEqualTo(Damper.MOST + 1);
  }

  @Test
  void aRegistryThatIsLostNowAndThenIsNotDamped() {
    Listed vm = new Listed("vm");
    vm.catalog().set(Catalog.EMPTY);
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm);
    for (int i = 0; i < 10; i++) {
      flap(vm, 1);
      clock.pass(21);
    }
    flap(vm, 1);
    vm.catalog().set(catalog());
    assertThat(latest("vm")).isEqualTo(catalog());
  }

  /** A registry that cannot even be listened to. */
  private record Throwing(String name) implements Registry {
    @Override
    public Source<Catalog> catalog() {
      return _ -> {
        throw new IllegalStateException("no watch today");
      };
    }

    @Override
    public Source<RegistryState> state() {
      return new Cell<>(GathererTest.state(RegistryState.Kind.CURRENT, ""));
    }
  }

  @Test
  void aRegistryThatThrowsIsQuarantinedKeepsItsLastViewAndHoldsNobodyUp() {
    Listed vm = new Listed("vm");
    Listed consul = new Listed("consul");
    vm.catalog().set(Catalog.EMPTY);
    consul.catalog().set(catalog());
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm, consul);
    Registry broken = new Throwing("consul");
    registries.set(List.of(new Offer<>("vm", "1", vm), new Offer<>("consul", "2", broken), new Offer<>("new", "1", new Throwing("new"))));
    assertThat(latest("consul")).isEqualTo(catalog());
    RegistryView view = gatherer.registries().getFirst();
    assertThat(view.state().kind()).isEqualTo(RegistryState.Kind.STALE);
    assertThat(view.state().reason()).contains("quarantined", "IllegalStateException", "no watch today");
    vm.catalog().set(catalog());
    assertThat(latest("vm")).as("the others are listened to").isEqualTo(catalog());
    Listed repaired = new Listed("consul");
    offer(vm, repaired);
    repaired.catalog().set(Catalog.EMPTY);
    assertThat(latest("consul")).isEqualTo(Catalog.EMPTY);
    assertThat(gatherer.missing()).isEmpty();
  }

  @Test
  void aRegistryThatIsBusyWhileItIsAskedHoldsNobodyUpForEver() throws Exception {
    Locked busy = new Locked(new Listed("vm"), new ReentrantLock(), new CountDownLatch(1));
    busy.listed().catalog().set(catalog());
    CompletableFuture<Void> connects;
    busy.lock().lock();
    try {
      connects = CompletableFuture.runAsync(() -> registries.set(List.of(new Offer<Registry>("vm", "1", busy))), Thread::startVirtualThread);
      busy.asked().await();
      RegistryState away = new RegistryState(RegistryState.Kind.STALE, Instant.EPOCH, "away");
      CompletableFuture.runAsync(() -> busy.listed().state().set(away), Thread::startVirtualThread).get(40, TimeUnit.SECONDS);
    } finally {
      busy.lock().unlock();
    }
    connects.get(40, TimeUnit.SECONDS);
    offerRules();
    ruleSet.set(RuleSet.EMPTY);
    assertThat(seen).isNotEmpty();
    assertThat(gatherer.registries().getFirst().state().reason()).isEqualTo("away");
  }
}

package dev.tenon.pilot.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.pilot.support.Town;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.ServiceEntry.Resolution;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Cell;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private Gatherer gatherer = new Gatherer(registries, rules, Optional.empty(), names());

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
    await().until(() -> !seen.isEmpty());
    assertThat(seen.getFirst().addresses())
        .containsOnlyKeys("good.example")
        .containsEntry("good.example", List.of("10.0.0.1", "10.0.0.2"));
    known.put("new.example", List.of("10.0.0.3"));
    ruleSet.set(naming("good.example", "new.example"));
    await().until(() -> seen.getLast().addresses().containsKey("new.example"));
  }

  @Test
  void registriesThatAreRequiredAreWaitedForByName() {
    gatherer.close();
    gatherer = new Gatherer(registries, rules, Optional.of(Set.of("consul")), names());
    gatherer.inputs().subscribe(seen::add);
    Listed vm = new Listed("vm");
    vm.catalog().set(catalog());
    ruleSet.set(RuleSet.EMPTY);
    offerRules();
    offer(vm);
    assertThat(gatherer.missing()).containsExactly("registry consul");
    assertThat(seen).isEmpty();
  }
}

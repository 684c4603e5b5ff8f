package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.registry.RegistryState.Kind;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.testkit.TestKernel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * What a registry promises: it runs in a real kernel, on a platform that the test moves. {@link
 * #settings} point it to that platform.
 */
public abstract class RegistryContract extends PluginContract<Registry> {
  private static final Map<String, String> TWO = Map.of("reviews", "127.9.0.1", "ratings", "127.9.0.2");

  /** For the plug point of registries. */
  protected RegistryContract() {
    super(Registry.class);
  }

  /**
   * Makes the platform, which is there, hold these services of one namespace and no others.
   *
   * @param services the address of the only endpoint, by the service's name
   */
  protected abstract void platformHolds(Map<String, String> services) throws Exception;

  /** Makes the platform unreachable. */
  protected abstract void loseThePlatform() throws Exception;

  /** Makes it reachable again, with what it held. */
  protected abstract void returnThePlatform() throws Exception;

  @Override
  void prepare() throws Exception {
    platformHolds(TWO);
  }

  private static Map<String, String> services(Catalog catalog) {
    Map<String, String> services = new TreeMap<>();
    catalog
        .services()
        .values()
        .forEach(each -> services.put(each.name().name(), each.endpoints().stream().map(Endpoint::address).findFirst().orElse("")));
    return services;
  }

  private void until(Seen<Catalog> seen, Map<String, String> services) {
    eventually("the catalog holds " + services, () -> seen.last(catalog -> services(catalog).equals(services)));
  }

  private void until(Seen<RegistryState> seen, Kind kind) {
    eventually("the state is " + kind, () -> seen.last(state -> state.kind() == kind));
  }

  @Test
  void beginsWithEverythingThatIsThere() throws Exception {
    platformHolds(TWO);
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      try (Seen<Catalog> catalogs = Seen.of(offered(kernel).catalog());
          Seen<RegistryState> states = Seen.of(offered(kernel).state())) {
        until(catalogs, TWO);
        assertThat(services(catalogs.all().getFirst())).as("the first catalog").isEqualTo(TWO);
        until(states, Kind.CURRENT);
        assertThat(offered(kernel).name()).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
      }
    }
  }

  @Test
  void saysEachChangeAndThatNothingIsLeft() throws Exception {
    platformHolds(TWO);
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      try (Seen<Catalog> catalogs = Seen.of(offered(kernel).catalog())) {
        until(catalogs, TWO);
        platformHolds(Map.of("reviews", "127.9.0.3", "ratings", "127.9.0.2", "details", "127.9.0.4"));
        until(catalogs, Map.of("reviews", "127.9.0.3", "ratings", "127.9.0.2", "details", "127.9.0.4"));
        platformHolds(Map.of());
        until(catalogs, Map.of());
      }
    }
  }

  @Test
  void keepsItsLastCatalogWhenThePlatformIsLostAndSaysSo() throws Exception {
    platformHolds(TWO);
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      Registry registry = offered(kernel);
      try (Seen<Catalog> catalogs = Seen.of(registry.catalog());
          Seen<RegistryState> states = Seen.of(registry.state())) {
        until(catalogs, TWO);
        loseThePlatform();
        until(states, Kind.STALE);
        assertThat(states.all().getLast().reason()).as("what an operator should know").isNotBlank().doesNotContain("\n");
        try (Seen<Catalog> late = Seen.of(registry.catalog())) {
          assertThat(late.all()).extracting(RegistryContract::services).as("for who comes later").containsExactly(new TreeMap<>(TWO));
        }
        returnThePlatform();
        until(states, Kind.CURRENT);
        platformHolds(Map.of("details", "127.9.0.4"));
        until(catalogs, Map.of("details", "127.9.0.4"));
        assertThat(catalogs.all()).extracting(RegistryContract::services).as("never nothing because it could not read").doesNotContain(new TreeMap<>());
      }
    }
  }

  @Test
  void isReplacedWithoutACatalogMissingInBetween() throws Exception {
    platformHolds(TWO);
    List<Catalog> all = new CopyOnWriteArrayList<>();
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      try (Subscription following = kernel.kernel().offers().offers(Registry.class).subscribe(offers -> follow(offers, all))) {
        eventually("the first generation speaks", () -> !all.isEmpty());
        Registry first = offered(kernel);
        kernel.install(jar("2.0"));
        eventually("the second generation is offered", () -> Set.of(first).stream().noneMatch(kernel.offered(Registry.class)::contains));
        Registry second = offered(kernel);
        List<Catalog> atOnce = new CopyOnWriteArrayList<>();
        second.catalog().subscribe(atOnce::add).close();
        assertThat(atOnce).as("it takes over with its catalog: ready() waits for that").extracting(RegistryContract::services).containsExactly(new TreeMap<>(TWO));
        assertThat(all).extracting(RegistryContract::services).containsOnly(new TreeMap<>(TWO));
        platformHolds(Map.of("details", "127.9.0.4"));
        eventually("the second generation follows", () -> services(all.getLast()).containsKey("details"));
      }
    }
  }

  private static void follow(List<Offer<Registry>> offers, List<Catalog> all) {
    offers.forEach(each -> each.service().catalog().subscribe(all::add));
  }
}

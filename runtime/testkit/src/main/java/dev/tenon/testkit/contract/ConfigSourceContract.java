package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.ConfigText;
import dev.tenon.testkit.TestKernel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What a source of configuration promises: it runs in a real kernel, on a place that the test moves.
 * {@link #settings} point it to that place.
 */
public abstract class ConfigSourceContract extends PluginContract<ConfigSource> {
  private static final Map<String, String> TWO = Map.of("a", rule("a"), "b", rule("b"));

  /** For the plug point of sources. */
  protected ConfigSourceContract() {
    super(ConfigSource.class);
  }

  /**
   * Makes the place, which is there, hold these objects and no others, in one text or several.
   *
   * @param objects YAML by a name to tell them apart
   */
  protected abstract void placeHolds(Map<String, String> objects) throws Exception;

  /** Makes the place unreachable. */
  protected abstract void loseThePlace() throws Exception;

  /** Makes it reachable again, with what it held. */
  protected abstract void returnThePlace() throws Exception;

  @Override
  void prepare() throws Exception {
    placeHolds(TWO);
  }

  private static String rule(String name) {
    return "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: " + name + "}\nspec: {host: " + name + "}\n";
  }

  /** The names of the objects in a listing. */
  private static Set<String> names(ConfigListing listing) {
    Set<String> names = new TreeSet<>();
    for (ConfigText text : listing.texts()) {
      text.text().lines().filter(line -> line.startsWith("spec: {host: ")).forEach(line -> names.add(line.replaceAll(".*: |}", "")));
    }
    return names;
  }

  private void until(Seen<ConfigListing> seen, String... names) {
    Set<String> wanted = new TreeSet<>(List.of(names));
    eventually("it lists " + wanted, () -> seen.last(listing -> listing.whole() && names(listing).equals(wanted)));
  }

  @Test
  void beginsWithEverythingThatLiesThere() throws Exception {
    placeHolds(TWO);
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      try (Seen<ConfigListing> seen = Seen.of(offered(kernel).listing())) {
        until(seen, "a", "b");
        assertThat(names(seen.all().getFirst())).as("the first listing").containsExactly("a", "b");
        assertThat(seen.all().getLast().texts()).allSatisfy(text -> {
          assertThat(text.path()).isNotBlank();
          assertThat(text.origin()).as("what an operator finds it by").isNotBlank();
        });
        assertThat(seen.all().getLast().texts()).extracting(ConfigText::path).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void saysEachChangeAndThatNothingIsLeft() throws Exception {
    placeHolds(TWO);
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      try (Seen<ConfigListing> seen = Seen.of(offered(kernel).listing())) {
        until(seen, "a", "b");
        placeHolds(Map.of("b", rule("b"), "c", rule("c")));
        until(seen, "b", "c");
        placeHolds(Map.of());
        until(seen);
      }
    }
  }

  @Test
  void neverSaysThatNothingLiesThereBecauseItCouldNotRead() throws Exception {
    placeHolds(TWO);
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      try (Seen<ConfigListing> seen = Seen.of(offered(kernel).listing())) {
        until(seen, "a", "b");
        loseThePlace();
        eventually("it says that it lost its place", () -> seen.last(listing -> !listing.whole()));
        assertThat(seen.all().getLast().problems()).as("what an operator should know").isNotEmpty();
        returnThePlace();
        until(seen, "a", "b");
        assertThat(seen.all()).filteredOn(ConfigListing::whole).extracting(ConfigSourceContract::names).doesNotContain(new TreeSet<>());
      }
    }
  }

  @Test
  void isReplacedAndTheNewGenerationFollows() throws Exception {
    placeHolds(TWO);
    try (TestKernel kernel = TestKernel.start(settings())) {
      kernel.install(jar("1.0"));
      ConfigSource first = offered(kernel);
      kernel.install(jar("2.0"));
      eventually("the second generation is offered", () -> !kernel.offered(ConfigSource.class).contains(first));
      try (Seen<ConfigListing> seen = Seen.of(offered(kernel).listing())) {
        until(seen, "a", "b");
        placeHolds(Map.of("c", rule("c")));
        until(seen, "c");
      }
    }
  }
}

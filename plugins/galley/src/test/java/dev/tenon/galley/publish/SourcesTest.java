package dev.tenon.galley.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.galley.source.Directory;
import dev.tenon.galley.source.LastGood;
import dev.tenon.galley.source.LocalDisk;
import dev.tenon.galley.source.Sources;
import dev.tenon.galley.source.Standing;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.ConfigStore;
import dev.tenon.spi.config.ConfigText;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of plug-ins beside the directory: who wins, what stays, who is left alone. */
class SourcesTest {
  @TempDir Path root;
  private final Queue<RuleSet> published = new ConcurrentLinkedQueue<>();
  private @Nullable Galley galley;

  /** Galley without its watch: looks when a source says something. */
  private final class Galley {
    final Sources sources;
    final Configuration configuration;
    final Editor editor;
    final Overview overview;

    Galley(String... required) {
      Directory directory = new Directory(root, new LocalDisk());
      sources = new Sources(directory, Set.of(required), Duration.ofMillis(20));
      configuration = new Configuration(sources, new LastGood(directory.own()), "cluster.local");
      editor = new Editor(configuration);
      overview = new Overview(configuration, new Living());
      sources.onChange(configuration::scan);
      configuration.rules().subscribe(published::add);
      configuration.parser(new YamlText());
      configuration.scan();
    }

    Galley with(String module, ConfigSource source) {
      sources.offered(List.of(new Offer<>(module, "1", source)));
      return this;
    }

    String stands(String name) {
      return overview.sources().entrySet().stream()
          .filter(each -> each.getKey().name().equals(name))
          .map(each -> word(each.getKey()) + " " + each.getValue())
          .findFirst()
          .orElse("none");
    }

    private static String word(Standing standing) {
      return standing.state() + (standing.reason().isEmpty() ? "" : " (" + standing.reason() + ")");
    }

    List<String> findings() {
      return overview.findings().stream().map(each -> each.toString().replace(root.toAbsolutePath() + "/", "")).toList();
    }

    Set<String> names() {
      return published.isEmpty() ? Set.of() : last().destinationRules().keySet();
    }

    RuleSet last() {
      return published.stream().reduce((first, second) -> second).orElseThrow();
    }

    String subset(String name) {
      return java.util.Objects.requireNonNull(last().destinationRules().get("default/" + name)).subsets().getFirst().name();
    }
  }

  private Galley galley(String... required) {
    Galley made = new Galley(required);
    galley = made;
    return made;
  }

  @AfterEach
  void close() {
    if (galley != null) {
      galley.sources.close();
    }
  }

  /** A source that says what it is told; a path's extension is left out. */
  private static ConfigListing listing(String... pathsAndTexts) {
    ConfigText[] texts = new ConfigText[pathsAndTexts.length / 2];
    Arrays.setAll(texts, i -> ConfigText.of(pathsAndTexts[2 * i], "kv:" + pathsAndTexts[2 * i], pathsAndTexts[2 * i + 1], Instant.EPOCH));
    return ConfigListing.of(List.of(texts));
  }

  private static ConfigSource saying(Cell<ConfigListing> cell) {
    return () -> cell;
  }

  @Test
  void whatASourceSaysIsInForceBesideTheDirectory() {
    Cell<ConfigListing> kv = new Cell<>(listing("a", Bench.subsets("a", "v1")));
    Galley it = galley().with("kv", saying(kv));
    assertThat(it.editor.apply(Bench.texts(Bench.subsets("b", "v1")), false, false, "default").accepted()).isTrue();
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().equals(Set.of("default/a", "default/b")));
    assertThat(it.stands("kv")).isEqualTo("CURRENT 1");
    assertThat(it.stands("directory")).isEqualTo("CURRENT 1");
    kv.set(listing("a", Bench.subsets("a", "v2"), "c/d", Bench.subsets("c", "v1")));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/c"));
    assertThat(it.subset("a")).isEqualTo("v2");
    kv.set(listing());
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().equals(Set.of("default/b")));
  }

  @Test
  void anObjectInTwoSourcesIsTheDirectorysAndThenThatOfTheFirstByNameAndTheOtherIsTold() {
    Galley it = galley();
    it.sources.offered(
        List.of(
            new Offer<>("kv", "1", saying(new Cell<>(listing("x", Bench.subsets("a", "second"))))),
            new Offer<>("etc", "1", saying(new Cell<>(listing("y", Bench.subsets("a", "first")))))));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/a") && it.findings().size() == 1);
    assertThat(it.subset("a")).isEqualTo("first");
    assertThat(it.findings()).singleElement().asString()
        .startsWith("kv:x:1:1: warning: DestinationRule default/a is given in kv:y too, and that one is in force");
    Edit.Result applied = it.editor.apply(Bench.texts(Bench.subsets("a", "mine")), false, false, "default");
    assertThat(applied.accepted()).isTrue();
    assertThat(applied.findings()).singleElement().asString().contains("stands there too and is now overlaid by");
    assertThat(it.subset("a")).isEqualTo("mine");
  }

  @Test
  void aBadObjectTakesNoOtherDownAndItsLastGoodVersionStays() {
    Cell<ConfigListing> kv = new Cell<>(listing("a", Bench.subsets("a", "v1"), "b", Bench.subsets("b", "v1")));
    Galley it = galley().with("kv", saying(kv));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().size() == 2);
    kv.set(listing("a", "apiVersion: [", "b", Bench.subsets("b", "v2")));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.subset("b").equals("v2"));
    assertThat(it.subset("a")).isEqualTo("v1");
    assertThat(it.findings()).anyMatch(each -> each.startsWith("kv:a:") && each.contains("error"));
    assertThat(it.findings()).anyMatch(each -> each.contains("DestinationRule default/a stays in force as it was before; mend the source kv"));
  }

  @Test
  void aSourceThatLosesItsPlaceKeepsWhatItSaidMarkedStale() {
    Cell<ConfigListing> kv = new Cell<>(listing("a", Bench.subsets("a", "v1")));
    Galley it = galley().with("kv", saying(kv));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/a"));
    kv.set(ConfigListing.of(List.of()).lost("kv", "nobody answers"));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.stands("kv").equals("STALE (nobody answers) 1"));
    assertThat(it.names()).containsExactly("default/a");
    kv.set(listing("b", Bench.subsets("b", "v1")));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().equals(Set.of("default/b")));
    assertThat(it.stands("kv")).isEqualTo("CURRENT 1");
  }

  @Test
  void whatASourceSaidStaysWhenItIsRemovedAndAfterARestartUntilItIsDeleted() {
    Galley it = galley().with("kv", saying(new Cell<>(listing("a", Bench.subsets("a", "v1")))));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/a"));
    it.sources.offered(List.of());
    assertThat(it.stands("kv")).isEqualTo("STALE (no module offers it any more) 1");
    assertThat(it.names()).containsExactly("default/a");
    published.clear();
    Galley next = galley("kv");
    assertThat(next.names()).containsExactly("default/a");
    assertThat(next.stands("kv")).isEqualTo("STALE (no module offers it) 1");
    assertThat(next.editor.delete(List.of(Editor.key("dr", "default", "a").orElseThrow()), List.of(), "default").changes()).hasSize(1);
    assertThat(next.names()).isEmpty();
  }

  @Test
  void anObjectOfASourceThatIsThereIsDeletedThere() {
    Galley it = galley().with("kv", saying(new Cell<>(listing("a", Bench.subsets("a", "v1")))));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/a"));
    Edit.Result result = it.editor.delete(List.of(Editor.key("dr", "default", "a").orElseThrow()), List.of(), "default");
    assertThat(result.accepted()).isFalse();
    assertThat(result.findings()).extracting(Finding::toString).containsExactly("kv:a: error: holds DestinationRule default/a; delete it in the source kv [TEN0107]");
  }

  @Test
  void theNextGenerationOfASourceTakesOverWithNothingMissingInBetween() {
    Galley it = galley().with("kv", saying(new Cell<>(listing("a", Bench.subsets("a", "v1")))));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/a"));
    int before = published.size();
    Cell<ConfigListing> next = new Cell<>();
    it.with("kv", saying(next));
    it.configuration.scan();
    assertThat(it.names()).containsExactly("default/a");
    next.set(listing("a", Bench.subsets("a", "v1"), "b", Bench.subsets("b", "v1")));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/b"));
    assertThat(published.stream().skip(before)).allMatch(each -> each.destinationRules().containsKey("default/a"));
  }

  @Test
  void aSourceThatThrowsIsLeftAloneAskedAgainAndHoldsNobodyUp() {
    AtomicInteger asked = new AtomicInteger();
    Cell<ConfigListing> kv = new Cell<>(listing("a", Bench.subsets("a", "v1")));
    Galley it =
        galley()
            .with(
                "kv",
                () -> {
                  if (asked.incrementAndGet() < 3) {
                    throw new NoClassDefFoundError("its/Library");
                  }
                  return kv;
                });
    assertThat(it.editor.apply(Bench.texts(Bench.subsets("b", "v1")), false, false, "default").accepted()).isTrue();
    await().atMost(Duration.ofSeconds(40)).until(() -> asked.get() > 1 || it.stands("kv").contains("failed (java.lang.NoClassDefFoundError: its/Library)"));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().equals(Set.of("default/a", "default/b")));
    assertThat(asked).hasValue(3);
  }

  @Test
  void aSourceThatHangsHoldsNobodyUpAndIsInterruptedAtTheEnd() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    Galley it =
        galley()
            .with(
                "kv",
                () -> {
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                  return new Cell<>();
                });
    assertThat(it.editor.apply(Bench.texts(Bench.subsets("b", "v1")), false, false, "default").accepted()).isTrue();
    assertThat(it.stands("kv")).isEqualTo("STARTING (has not been read yet) 0");
    it.sources.close();
    assertThat(interrupted.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingIsPublishedBeforeARequiredSourceHasSpoken() {
    Galley it = galley("kv");
    assertThat(published).isEmpty();
    assertThat(it.configuration.ready().toCompletableFuture()).isNotDone();
    Cell<ConfigListing> kv = new Cell<>();
    it.with("kv", saying(kv));
    kv.set(listing("a", Bench.subsets("a", "v1")));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.configuration.ready().toCompletableFuture().isDone());
    assertThat(published).hasSize(1);
    assertThat(it.names()).containsExactly("default/a");
  }

  @Test
  void textsBeyondTheLimitsAndWithoutProperPathsAreToldAndTakeNothingDown() {
    Cell<ConfigListing> kv = new Cell<>(listing("a", Bench.subsets("a", "v1")));
    Galley it = galley().with("kv", saying(kv));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/a"));
    kv.set(listing("b", Bench.subsets("b", "v1"), "b", Bench.subsets("c", "v1"), "", "x", "big", " ".repeat(Directory.LARGEST_FILE + 1)));
    await().atMost(Duration.ofSeconds(40)).until(() -> it.names().contains("default/b"));
    assertThat(it.names()).as("a may have been in one of them").contains("default/a").doesNotContain("default/c");
    assertThat(it.findings()).anyMatch(each -> each.contains("gives two texts the path b; the first is read"))
        .anyMatch(each -> each.contains("a path of 0 characters"))
        .anyMatch(each -> each.contains("big is larger than 4194304 characters"));
    assertThat(it.stands("kv")).startsWith("STALE (gives two texts the path b");
  }

  /** A store in memory, whose writer may be too slow. */
  private static final class Kept implements ConfigStore {
    final Cell<ConfigListing> listing = new Cell<>(ConfigListing.of(List.of()));
    final Map<String, String> texts = new TreeMap<>();

    @Override
    public String name() {
      return "shelf";
    }

    @Override
    public Source<ConfigListing> listing() {
      return listing;
    }

    @Override
    public void commit(List<Write> writes) throws Conflict {
      for (Write write : writes) {
        if (!Optional.ofNullable(texts.get(write.path())).equals(write.before())) {
          throw new Conflict(write.path(), write.path() + " has been written by somebody else");
        }
      }
      writes.forEach(each -> texts.compute(each.path(), (_, _) -> each.after().orElse(null)));
      say();
    }

    void say() {
      listing.set(listing(texts.entrySet().stream().flatMap(each -> Stream.of(each.getKey(), each.getValue())).toArray(String[]::new)));
    }

    private static ConfigListing listing(String... pathsAndTexts) {
      return SourcesTest.listing(pathsAndTexts);
    }
  }

  @Test
  void aStoreIsWrittenToAndNobodysWorkIsLost() {
    Kept shelf = new Kept();
    Galley it = galley().with("plug", shelf);
    await().atMost(Duration.ofSeconds(40)).until(() -> it.stands("plug").startsWith("CURRENT"));
    StoreEditor stores = new StoreEditor(it.editor);
    assertThat(stores.apply("nowhere", Bench.texts(Bench.subsets("a", "v1")), false, false, "default").findings().getLast().message())
        .contains("nowhere", "there is shelf");
    assertThat(stores.apply("shelf", Bench.texts(Bench.subsets("a", "v1")), false, true, "default").accepted()).isTrue();
    assertThat(shelf.texts).as("a dry run").isEmpty();
    assertThat(stores.apply("shelf", Bench.texts(Bench.subsets("a", "v1"), Bench.subsets("b", "v1")), false, false, "default").accepted()).isTrue();
    assertThat(shelf.texts).containsOnlyKeys("default/destinationrule/a.yaml", "default/destinationrule/b.yaml");
    assertThat(it.names()).containsExactlyInAnyOrder("default/a", "default/b");

    shelf.texts.put("default/destinationrule/a.yaml", Bench.subsets("a", "theirs"));
    Edit.Result conflict = stores.apply("shelf", Bench.texts(Bench.subsets("b", "v2"), Bench.subsets("a", "v2")), false, false, "default");
    assertThat(conflict.accepted()).isFalse();
    assertThat(conflict.findings().getLast().message()).contains("a.yaml has been written by somebody else", "nothing was written", "apply again");
    assertThat(shelf.texts.get("default/destinationrule/b.yaml")).contains("v1");
    shelf.say();
    await().atMost(Duration.ofSeconds(40)).until(() -> it.subset("a").equals("theirs"));
    assertThat(stores.apply("shelf", Bench.texts(Bench.subsets("a", "v2")), false, false, "default").accepted()).isTrue();

    assertThat(it.editor.apply(Bench.texts(Bench.subsets("c", "v1")), false, false, "default").accepted()).isTrue();
    assertThat(stores.apply("shelf", Bench.texts(Bench.subsets("c", "v2")), false, false, "default").findings().getLast().message())
        .contains("delete it there first");
    assertThat(stores.delete("shelf", List.of(), Bench.texts(Bench.subsets("a", "v2"), Bench.subsets("z", "v1")), "default").missing()).hasSize(1);
    assertThat(it.names()).containsExactlyInAnyOrder("default/b", "default/c");
  }
}

package dev.tenon.galley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import io.grpc.BindableService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module whole, beside a kernel that lends only what galley asks for. */
class GalleyModuleTest {
  private static final String RULE = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: %s}\nspec: {host: %s}\n";

  @TempDir Path root;

  @Test
  void aFileThatSomebodyDropsIsInForceSoonAndGoneWithIt() throws Exception {
    Lender lender = new Lender("galley: {directory: " + root.resolve("config") + ", rescan: 60s}");
    try (Running running = new GalleyModule().start(lender)) {
      Queue<RuleSet> rules = new ConcurrentLinkedQueue<>();
      lender.rules().rules().subscribe(rules::add);
      assertThat(rules).isEmpty();
      assertThat(running.ready().toCompletableFuture()).isNotDone();
      lender.parsers.set(List.of(new Offer<>("kernel", "1", new YamlText())));
      await().atMost(Duration.ofSeconds(40)).until(() -> running.ready().toCompletableFuture().isDone());
      assertThat(rules).containsExactly(RuleSet.EMPTY);
      Path folder = Files.createDirectories(root.resolve("config/a/b"));
      Files.writeString(folder.resolve("x.yaml"), RULE.formatted("x", "x"));
      await().atMost(Duration.ofSeconds(40)).until(() -> rules.stream().anyMatch(GalleyModuleTest::hasX));
      Files.delete(folder.resolve("x.yaml"));
      await().atMost(Duration.ofSeconds(40)).until(() -> rules.stream().skip(1).anyMatch(RuleSet.EMPTY::equals));
      assertThat(lender.offered).containsKey(BindableService.class);
      running.drain(Duration.ofSeconds(1)).toCompletableFuture().join();
    }
  }

  @Test
  void whatTheFileSystemDoesNotTellIsFoundByLookingOnceInAWhile() throws Exception {
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    Path config = Files.createDirectories(root.resolve("config"));
    // A watch does not follow links.
    Files.createSymbolicLink(config.resolve("link"), elsewhere);
    Lender lender = new Lender("galley: {directory: " + config + ", rescan: 100ms}");
    lender.parsers.set(List.of(new Offer<>("kernel", "1", new YamlText())));
    try (Running running = new GalleyModule().start(lender)) {
      Queue<RuleSet> rules = new ConcurrentLinkedQueue<>();
      lender.rules().rules().subscribe(rules::add);
      Files.writeString(elsewhere.resolve("x.yaml"), RULE.formatted("x", "x"));
      await().atMost(Duration.ofSeconds(40)).until(() -> rules.stream().anyMatch(GalleyModuleTest::hasX));
      running.close();
      running.close();
    }
  }

  @Test
  void anUnknownSettingIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> new GalleyModule().start(new Lender("galley: {directori: x}")))
        .isInstanceOf(BadConfig.class)
        .hasMessage("settings:1:21: error: galley.directori: unknown field; known here: directory, rescan, sources [TEN0001]");
  }

  private static boolean hasX(RuleSet rules) {
    return rules.destinationRules().containsKey("default/x");
  }

  /** What the kernel would lend. */
  private final class Lender implements ModuleContext {
    final Cell<List<Offer<TextParser>>> parsers = new Cell<>(List.of());
    final Map<Class<?>, Object> offered = new HashMap<>();
    private final Node.Mapping settings;

    Lender(String yaml) {
      this.settings = (Node.Mapping) new YamlText().parse("settings", yaml).getFirst();
    }

    Rules rules() {
      return (Rules) java.util.Objects.requireNonNull(offered.get(Rules.class));
    }

    @Override
    public ProcessInfo process() {
      return new ProcessInfo("control-plane", "1");
    }

    @Override
    public String build() {
      return "1";
    }

    @Override
    public Fields settings() {
      return settings("galley");
    }

    @Override
    public Fields settings(String section) {
      return settings.entries().get(section) instanceof Node.Mapping mapping
          ? Fields.of(mapping, section)
          : Fields.of(Node.Mapping.empty(Position.of("settings")), section);
    }

    @Override
    public Path stateDirectory() {
      return root.resolve("state");
    }

    @Override
    public <T> void offer(Class<T> type, T service) {
      offered.put(type, service);
    }

    @Override
    @SuppressWarnings("unchecked") // by the class that is asked for
    public <T> Source<List<Offer<T>>> offers(Class<T> type) {
      return type == TextParser.class ? (Source<List<Offer<T>>>) (Source<?>) parsers : new Cell<>(List.of());
    }

    @Override
    public Ports ports() {
      throw new UnsupportedOperationException("galley needs no ports");
    }

    @Override
    public ScheduledExecutorService timers() {
      throw new UnsupportedOperationException("galley needs no timers");
    }
  }
}

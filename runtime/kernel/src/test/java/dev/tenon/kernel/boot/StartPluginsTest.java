package dev.tenon.kernel.boot;

import static dev.tenon.kernel.boot.Ground.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.swap.Status;
import dev.tenon.spi.lifecycle.Arrivals;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the distribution's plug-ins start. */
@SuppressWarnings("rawtypes") // Supplier.class: a type that test modules share with the test
class StartPluginsTest {
  private static final String WHEN_ASKED = "kernel.startPlugins=whenAsked";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Ground ground;

  @BeforeEach
  void prepare() throws Exception {
    ground = new Ground(folder);
    ground.adapter().write(ground.home.resolve("modules/guard.jar"));
  }

  @AfterEach
  void close() {
    ground.close();
  }

  private List<String> running() {
    return ground.kernel().modules().status().stream().map(Status::module).toList();
  }

  private List<Offer<AdapterFactory>> ask() {
    AtomicReference<List<Offer<AdapterFactory>>> seen = new AtomicReference<>(List.of());
    var _ = ground.kernel().offers().lend("asks", "1").offers(AdapterFactory.class).subscribe(seen::set);
    arrivals(ground.kernel()).of(AdapterFactory.class).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(seen.get()).hasSize(1);
    return Objects.requireNonNull(seen.get());
  }

  private static Arrivals arrivals(Kernel kernel) {
    AtomicReference<List<Offer<Arrivals>>> seen = new AtomicReference<>(List.of());
    kernel.offers().offers(Arrivals.class).subscribe(seen::set).close();
    return Objects.requireNonNull(seen.get()).getFirst().service();
  }

  @Test
  void oneThatFailsIsNotWaitedFor() throws Exception {
    ground.jar().source("Bad", """
        public final class Bad implements dev.tenon.spi.policy.AdapterFactory {
          public Bad() { throw new IllegalStateException("no"); }
          public String name() { return "bad"; }
          public java.util.Set<dev.tenon.spi.policy.Template> templates() { return java.util.Set.of(); }
          public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) { throw new UnsupportedOperationException(); }
        }
        """).file("META-INF/services/dev.tenon.spi.policy.AdapterFactory", "sample.Bad\n").write(ground.home.resolve("modules/bad.jar"));
    ground.start(WHEN_ASKED);
    assertThat(ask()).extracting(each -> each.service().name()).containsExactly("guard");
    assertThat(ground.reasonOf("bad")).contains("no");
  }

  @Test
  void withTheProcess() throws Exception {
    ground.start();
    eventually(() -> assertThat(running()).containsExactly("guard"));
  }

  @Test
  void whenSomebodyAsksForWhatTheyOfferAndInEachProcessAnew() throws Exception {
    ground.start(WHEN_ASKED);
    assertThat(ground.kernel().modules().desired().jars()).isEmpty();
    assertThat(ask().getFirst().service().name()).isEqualTo("guard");
    eventually(() -> assertThat(ground.kernel().modules().status()).extracting(Status::state).containsExactly("active"));
    ground.close();
    ground.start(WHEN_ASKED);
    assertThat(ground.kernel().modules().plan()).as("what served last is not revived, it waits").isEmpty();
    assertThat(running()).isEmpty();
  }

  @Test
  void aModuleThatSaysWhatItWillOfferIsOnItsWayUntilItServes() throws Exception {
    ground.tagged("tag", "1.0.0", "late", "while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + folder.resolve("go") + "\"))) { Thread.sleep(5); }\n")
        .header("Tenon-Offers", "java.util.function.Supplier").write(ground.home.resolve("modules/tag.jar"));
    try (Kernel kernel = Kernel.start(ground.options("modules=[tag]"))) {
      var _ = kernel.offers().lend("asks", "1").offers(Supplier.class).subscribe(seen -> {});
      CompletableFuture<Void> come = arrivals(kernel).of(Supplier.class).toCompletableFuture();
      eventually(() -> assertThat(kernel.modules().status()).extracting(Status::state).contains("starting"));
      assertThat(come).isNotDone();
      Files.createFile(folder.resolve("go"));
      come.orTimeout(60, TimeUnit.SECONDS).join();
      assertThat(kernel.modules().status()).extracting(Status::module).contains("tag");
      assertThat(kernel.modules().ready()).isTrue();
    }
  }

  @Test
  void whatIsAskedForWhileTheDropFolderIsLookedAtStarts() throws Exception {
    for (int i = 0; i < 30; i++) {
      Files.copy(ground.home.resolve("modules/guard.jar"), ground.home.resolve("modules/guard" + i + ".jar"));
    }
    ground.start(WHEN_ASKED);
    AtomicBoolean ended = new AtomicBoolean();
    Thread drops = Thread.ofVirtual().start(() -> {
      for (int i = 0; !ended.get(); i++) { // each is a reason to look, and no other wish
        try {
          Files.createFile(ground.plugins.resolve(i + ".txt"));
          Thread.sleep(5);
        } catch (InterruptedException e) {
          return;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    });
    try {
      var _ = ground.kernel().offers().lend("asks", "1").offers(AdapterFactory.class).subscribe(seen -> {});
      arrivals(ground.kernel()).of(AdapterFactory.class).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
      assertThat(ground.kernel().modules().status()).hasSize(31).extracting(Status::state).containsOnly("active");
    } finally {
      ended.set(true);
      drops.join();
    }
  }

  @Test
  void aDroppedOneStartsAtOnce() throws Exception {
    ground.start(WHEN_ASKED);
    ground.adapter().write(ground.plugins.resolve("guard.jar"));
    eventually(() -> assertThat(running()).containsExactly("guard"));
    assertThat(ask()).hasSize(1);
  }
}

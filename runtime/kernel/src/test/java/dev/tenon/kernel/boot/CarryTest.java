package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.spi.lifecycle.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one generation has counted, the next one knows. */
class CarryTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private @Nullable Kernel kernel;
  private int builds;

  @AfterEach
  void close() {
    if (kernel != null) {
      kernel.close();
    }
  }

  private void start() throws Exception {
    Path home = TestHome.make(folder.resolve("home"));
    kernel = Kernel.start(new BootOptions(home, "0", "test", List.of(), List.of("run.directory=" + folder.resolve("run"))));
  }

  /** Counts how often it is asked, and once more while it drains; hands that on. */
  private static String counter(String form, String gives) {
    return """
        var count = new java.util.concurrent.atomic.AtomicLong();
        var left = new java.util.concurrent.atomic.AtomicLong();
        context.offer(java.util.function.LongSupplier.class, () -> { left.incrementAndGet(); return count.incrementAndGet(); });
        class Counter implements Running, Carry {
          public String form() { return "%s"; }
          public java.util.Map<String, Object> give() { return java.util.Map.of("n", %s); }
          public void take(String form, java.util.Map<String, Object> piece) {
            count.addAndGet((Long) piece.get("n"));
            left.addAndGet((Long) piece.get("n"));
          }
          public CompletionStage<Void> handOver(java.time.Duration deadline) {
            left.addAndGet(100);
            return CompletableFuture.completedStage(null);
          }
          public void close() {}
        }
        return new Counter();
        """.formatted(form, gives);
  }

  private void drop(String form, String gives) throws IOException {
    int build = ++builds;
    new Jars(Files.createDirectories(folder.resolve("work" + build))).module("count", counter(form, gives))
        .file("build", Integer.toString(build)).write(folder.resolve("run/plugins/count.jar"));
    await().atMost(SOON).until(() -> running().modules().status().stream()
        .anyMatch(each -> each.generation() == build && each.state().equals("active")) && running().modules().status().size() == 1);
  }

  private long ask() {
    AtomicReference<List<Offer<LongSupplier>>> seen = new AtomicReference<>(List.of());
    running().offers().offers(LongSupplier.class).subscribe(seen::set).close();
    return Objects.requireNonNull(seen.get()).getFirst().service().getAsLong();
  }

  private Kernel running() {
    return Objects.requireNonNull(kernel);
  }

  private List<Journal.Event> lost() {
    return running().journal().events().stream().filter(each -> each.event().equals("not-carried")).toList();
  }

  @Test
  void countersGoOnWhereTheOldGenerationStoppedEvenWhatItCountedWhileItDrained() throws Exception {
    start();
    drop("counters/1", "left.getAndSet(0)");
    ask();
    ask();
    drop("counters/1", "left.getAndSet(0)");
    assertThat(ask()).as("2 before the swap, 100 while it drained, and this one").isEqualTo(103);
    drop("counters/1", "left.getAndSet(0)");
    assertThat(ask()).isEqualTo(204);
    assertThat(lost()).isEmpty();
  }

  @Test
  void stateOfAFormThatTheNewBuildDoesNotTakeIsLeftBehindAndTheSwapGoesOn() throws Exception {
    start();
    drop("counters/1", "left.getAndSet(0)");
    ask();
    drop("counters/2", "left.getAndSet(0)");
    assertThat(ask()).isEqualTo(1);
    assertThat(lost()).singleElement().satisfies(each -> assertThat(each.detail())
        .contains("has the form counters/1").contains("does not take").contains("it begins anew"));
  }

  @Test
  void anObjectOfTheOldBuildsIsNotCarriedSinceItWouldHoldItsClassLoader() throws Exception {
    start();
    drop("counters/1", "new Object() {}");
    drop("counters/1", "new Object() {}");
    assertThat(lost()).singleElement().satisfies(each -> assertThat(each.detail()).contains("sample.Sample").contains("at n"));
  }

  @Test
  void aGiverThatThrowsOrHangsDoesNotKeepTheNewBuildFromServing() throws Exception {
    start();
    drop("counters/1", "(Long) (Object) java.util.List.of().get(0)");
    drop("counters/1", "java.util.stream.LongStream.generate(() -> 1).filter(each -> Thread.interrupted()).findFirst().getAsLong()");
    drop("counters/1", "left.getAndSet(0)");
    assertThat(ask()).isEqualTo(1);
    assertThat(lost()).hasSize(2);
    assertThat(lost().getFirst().detail()).contains("was not done in 2 s");
  }
}

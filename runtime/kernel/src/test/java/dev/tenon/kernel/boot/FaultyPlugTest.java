package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.guard.LentGuards;
import dev.tenon.kernel.swap.Status;
import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.guard.Usage;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dropped plug that misbehaves on an event loop of a real kernel. */
class FaultyPlugTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Guard.Call<AdapterFactory, String, String> NAME = (plug, argument) -> plug.name() + argument;

  @TempDir Path folder;
  private Path jar = Path.of("");
  private @org.jspecify.annotations.Nullable Kernel kernel;
  private @org.jspecify.annotations.Nullable LentGuards guards;

  @BeforeEach
  void start() throws Exception {
    Path home = TestHome.make(folder.resolve("home"));
    jar = folder.resolve("run/plugins/faulty.jar");
    kernel = Kernel.start(new BootOptions(home, "0.1.0", "test", List.of(), List.of("run.directory=" + folder.resolve("run"), "kernel.loops=2")));
    kernel.awaitStart();
    guards = kernel.guarding().lend();
  }

  @AfterEach
  void close() {
    guards().close();
    kernel().close();
  }

  private Kernel kernel() {
    return Objects.requireNonNull(kernel);
  }

  private LentGuards guards() {
    return Objects.requireNonNull(guards);
  }

  /** Drops an adapter whose {@code name()} is the faulty call. */
  private AdapterFactory drop(String body) throws Exception {
    new Jars(Files.createDirectories(folder.resolve("jar")))
        .source("Factory", """
            public final class Factory implements dev.tenon.spi.policy.AdapterFactory {
              static volatile int turns;
              public String name() { %s }
              public java.util.Set<dev.tenon.spi.policy.Template> templates() { return java.util.Set.of(); }
              public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) { return null; }
            }
            """.formatted(body))
        .file("META-INF/services/dev.tenon.spi.policy.AdapterFactory", "sample.Factory")
        .write(jar);
    await().atMost(SOON).until(() -> offered().size() == 1);
    return offered().getFirst().service();
  }

  private List<Offer<AdapterFactory>> offered() {
    AtomicReference<List<Offer<AdapterFactory>>> seen = new AtomicReference<>(List.of());
    kernel().offers().offers(AdapterFactory.class).subscribe(seen::set).close();
    return Objects.requireNonNull(seen.get());
  }

  private CompletableFuture<String> callOnLoop(int loop, Guard guard, AdapterFactory plug) {
    return CompletableFuture.supplyAsync(
        () -> guard.call(NAME, plug, "!", Trouble::name), kernel().loops().each().get(loop));
  }

  private Status status() {
    return kernel().modules().status().stream().filter(each -> each.module().equals("faulty")).findFirst().orElseThrow();
  }

  private Usage usage() {
    return guards().usage().stream().filter(each -> each.module().equals("faulty")).findFirst().orElseThrow();
  }

  @Test
  void aPlugThatSpinsOnALoopIsEndedAndNotCalledAgain() throws Exception {
    AdapterFactory plug = drop("while (true) { try { while (true) { turns++; } } catch (Throwable t) { } }");
    Guard guard = guards().over(plug, "the faulty plug", Limits.DEFAULT);
    assertThat(callOnLoop(0, guard, plug).get(60, TimeUnit.SECONDS)).isEqualTo("ENDED");
    assertThat(callOnLoop(0, guard, plug).get(60, TimeUnit.SECONDS)).isEqualTo("LEFT_ALONE");
    assertThat(status().reason()).contains("spun on loop").contains("sample.Factory.name");
    assertThat(kernel().journal().events()).anyMatch(each -> each.module().equals("faulty") && each.event().equals("stopped"));
    assertThat(usage().timeouts()).isEqualTo(1);
    assertThat(usage().cpuNanos()).isGreaterThan(50_000_000);
    assertThat(usage().wovenBytes()).isGreaterThan(usage().codeBytes());
  }

  @Test
  void whileItSpinsItIsBypassedOnOtherLoops() throws Exception {
    AdapterFactory plug = drop("while (true) { turns++; }");
    Guard guard = guards().over(plug, "the faulty plug", Limits.DEFAULT);
    CompletableFuture<String> first = callOnLoop(0, guard, plug);
    await().atMost(SOON).until(guard::quarantined);
    assertThat(callOnLoop(1, guard, plug).get(60, TimeUnit.SECONDS)).isEqualTo("LEFT_ALONE");
    assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("ENDED");
  }

  @Test
  void whatSpunIsCollectedOnceItsJarIsGone() throws Exception {
    WeakReference<ClassLoader> loader = spunOnce();
    Files.delete(jar);
    await().atMost(SOON).until(() -> kernel().modules().status().isEmpty());
    await().atMost(SOON).pollInterval(Duration.ofMillis(100)).until(() -> {
      System.gc();
      return loader.get() == null;
    });
  }

  private WeakReference<ClassLoader> spunOnce() throws Exception {
    AdapterFactory plug = drop("while (true) { turns++; }");
    Guard guard = guards().over(plug, "the faulty plug", Limits.DEFAULT);
    callOnLoop(0, guard, plug).get(60, TimeUnit.SECONDS);
    return new WeakReference<>(plug.getClass().getClassLoader());
  }

  @Test
  void aNewJarIsCalledAgain() throws Exception {
    WeakReference<ClassLoader> old = spunOnce();
    drop("return \"well\";");
    await().atMost(SOON).until(() -> offered().size() == 1 && !offered().getFirst().service().getClass().getClassLoader().equals(old.get()));
    AdapterFactory next = offered().getFirst().service();
    Guard guard = guards().over(next, "the repaired plug", Limits.DEFAULT);
    assertThat(callOnLoop(0, guard, next).get(60, TimeUnit.SECONDS)).isEqualTo("well!");
    assertThat(status().reason()).isEmpty();
  }

  @Test
  void aPlugThatBlocksALoopIsInterruptedAndNotCalledAgain() throws Exception {
    AdapterFactory plug = drop("try { Thread.sleep(60_000); } catch (InterruptedException e) { } return \"awake\";");
    Guard guard = guards().over(plug, "the faulty plug", Limits.DEFAULT);
    assertThat(callOnLoop(0, guard, plug).get(60, TimeUnit.SECONDS)).isEqualTo("ENDED");
    assertThat(callOnLoop(0, guard, plug).get(60, TimeUnit.SECONDS)).isEqualTo("LEFT_ALONE");
    assertThat(status().reason()).contains("blocked loop");
  }

  @Test
  void aSpinInCodeWithoutCheckpointsMakesTheProcessUnreadyAndSaysWhy() throws Exception {
    AdapterFactory plug = drop("return \"\";");
    Guard guard = guards().over(plug, "the faulty plug", Limits.DEFAULT);
    AtomicBoolean go = new AtomicBoolean();
    CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> guard.call((own, argument) -> {
      while (!go.get()) {
        Thread.onSpinWait();
      }
      return own.name();
    }, plug, "", Trouble::name), kernel().loops().each().getFirst());
    await().atMost(SOON).untilAsserted(() -> assertThat(guards().hung()).singleElement().asString()
        .contains("is held by faulty, which reaches no checkpoint").contains("FaultyPlugTest"));
    assertThat(kernel().modules().ready()).as("said by tenon status too").isFalse();
    go.set(true);
    assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo("ENDED");
    await().atMost(SOON).untilAsserted(() -> assertThat(guards().hung()).isEmpty());
    assertThat(kernel().modules().ready()).isTrue();
  }

  @Test
  void aCallThatIsMerelyBusyIsLeftToFinish() throws Exception {
    AdapterFactory plug = drop("long end = System.nanoTime() + 60_000_000; while (System.nanoTime() < end) { turns++; } return \"done\";");
    Guard guard = guards().over(plug, "the busy plug", Limits.DEFAULT);
    for (int i = 0; i < 3; i++) {
      assertThat(callOnLoop(0, guard, plug).get(60, TimeUnit.SECONDS)).isEqualTo("done!");
    }
  }
}

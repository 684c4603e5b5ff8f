package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.prove.Costs;
import dev.tenon.kernel.prove.Leak;
import dev.tenon.kernel.keep.Journal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Logger;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told of a module that leaves something behind, and what the kernel takes away by itself. */
class LeakTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** Tests of what is held; nobody else shall come to the moment when the heap is dumped. */
  private static final String HELD = "held";

  @TempDir Path folder;
  private @Nullable Kernel kernel;
  private int builds;

  @BeforeEach
  void start(TestInfo test) throws Exception {
    Path home = TestHome.make(folder.resolve("home"));
    kernel = Kernel.start(new BootOptions(home, "0", "test", List.of(),
        List.of("run.directory=" + folder.resolve("run"), "kernel.unloadDeadline=" + (test.getTags().contains(HELD) ? "1s" : "9s"))));
  }

  @AfterEach
  void close() {
    running().close();
  }

  private Kernel running() {
    return Objects.requireNonNull(kernel);
  }

  /** Starts a module with this in its start, and removes it. */
  private void comesAndGoes(String start) throws IOException {
    Path jar = folder.resolve("run/plugins/guest.jar");
    new Jars(Files.createDirectories(folder.resolve("work" + ++builds))).module("guest", start + "\nreturn () -> {};").write(jar);
    await().atMost(SOON).until(() -> running().modules().status().stream().anyMatch(each -> each.state().equals("active")));
    Files.delete(jar);
    await().atMost(SOON).until(() -> running().modules().status().isEmpty());
  }

  private List<String> told(String event) {
    return running().journal().events().stream().filter(each -> each.event().equals(event)).map(Journal.Event::detail).toList();
  }

  private void collected() {
    await().atMost(SOON).until(() -> {
      System.gc();
      return running().proof().costs().collected() == 1;
    });
    assertNoDump();
  }

  private void assertNoDump() {
    assertThat(running().proof().leaks()).isEmpty();
    assertThat(running().proof().costs().dumps()).as("no heap dump was needed").isZero();
  }

  private Leak leak() {
    await().atMost(SOON).until(() -> !running().proof().leaks().isEmpty());
    assertThat(running().proof().leaks()).hasSize(1);
    Leak leak = running().proof().leaks().getFirst();
    assertThat(leak.module()).isEqualTo("guest");
    assertThat(told("leaked")).singleElement().asString().contains(leak.text());
    assertThat(running().proof().costs().leaked()).isEqualTo(1);
    assertThat(folder.resolve("run/cache/proof")).as("the heap dump was deleted").isEmptyDirectory();
    return leak;
  }

  @Test
  void aModuleThatLeavesNothingIsCollectedWithoutAHeapDumpAndThenNobodyWaits() throws Exception {
    comesAndGoes("context.timers().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.MILLISECONDS);");
    await("the kernel's own collections").atMost(SOON).until(() -> running().proof().costs().collected() == 1);
    assertNoDump();
    assertThat(told("left")).isEmpty();
    Costs costs = running().proof().costs();
    assertThat(costs.collections()).as("forced collections").isBetween(0L, 2L);
    assertThat(costs.waiting()).isZero();
    await().atMost(SOON).until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(each -> each.getName().equals("proof")));
  }

  @Test
  void aThreadIsNamedAndInterrupted() throws Exception {
    comesAndGoes("""
        new Thread(() -> {
          try {
            Thread.sleep(100_000);
          } catch (InterruptedException e) {
            return;
          }
        }, "forgotten").start();
        """);
    assertThat(told("left")).containsExactly("the thread \"forgotten\" was interrupted and ended");
    collected();
  }

  /** The platform adapts what all records share to the component types of the latest one, and remembers that. */
  @Test
  void recordsThatWereComparedHoldNobody() throws Exception {
    comesAndGoes("""
        class Part {}
        record Whole(Part part) {}
        Whole whole = new Whole(new Part());
        whole.equals(new Whole(new Part()));
        whole.hashCode();
        whole.toString();
        """);
    collected();
  }

  private static String sleeper(int build) {
    return """
        Thread sleeper = new Thread(() -> {
          try {
            Thread.sleep(100_000);
          } catch (InterruptedException e) {
            return;
          }
        }, "sleeper-%d");
        sleeper.start();
        return sleeper::interrupt;
        """
        .formatted(build);
  }

  /** Two builds have classes of the same names. */
  @Test
  void theThreadOfASuccessorGoesOn() throws Exception {
    Path jar = folder.resolve("run/plugins/guest.jar");
    for (int build = 1; build <= 2; build++) {
      new Jars(Files.createDirectories(folder.resolve("work" + build))).module("guest", sleeper(build)).write(jar);
      int number = build;
      await().atMost(SOON).until(() -> running().journal().events().stream().filter(each -> each.event().equals("switched")).count() == number);
    }
    await().atMost(SOON).until(() -> told("unloaded").size() == 1);
    assertThat(told("left")).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).contains("sleeper-2").doesNotContain("sleeper-1");
    Files.delete(jar);
    await().atMost(SOON).until(() -> running().modules().status().isEmpty());
  }

  @Test
  @Tag(HELD)
  void aThreadThatDoesNotEndIsShownWithWhatItRunsAndIsGoneWhenItEndsAfterAll() throws Exception {
    System.setProperty("tenon.test.deaf", "true");
    comesAndGoes("""
        new Thread(() -> {
          while (Boolean.getBoolean("tenon.test.deaf")) {
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
            Thread.interrupted();
          }
        }, "deaf").start();
        """);
    assertThat(told("left")).singleElement().asString().startsWith("the thread \"deaf\" was interrupted and goes on in sample.Sample.");
    assertThat(leak().text()).contains("\"deaf\"").contains("sample.Sample").endsWith("the class loader");
    System.clearProperty("tenon.test.deaf");
    await().atMost(SOON).until(() -> {
      System.gc();
      return running().proof().leaks().isEmpty();
    });
    assertThat(told("gone")).singleElement().asString().contains("was collected after");
  }

  @Test
  @Tag(HELD)
  void aTimerOfItsOwnIsShown() throws Exception {
    comesAndGoes("""
        new java.util.Timer("alarm", true).schedule(new java.util.TimerTask() { public void run() {} }, 100_000, 100_000);
        """);
    assertThat(told("left")).singleElement().asString().contains("the thread \"alarm\"");
    assertThat(leak().text()).contains("\"alarm\"").contains("java.util.TimerThread").contains("sample.Sample$1");
  }

  @Test
  @Tag(HELD)
  void aThreadLocalOnALoopIsShownWithTheLoop() throws Exception {
    comesAndGoes("""
        for (io.netty.channel.EventLoop loop : context.ports().eachLoop()) {
          loop.submit(() -> new ThreadLocal<Object>().set(new Object() {})).sync();
        }
        """);
    assertThat(leak().path()).anySatisfy(each -> assertThat(each).contains("\"loop-").endsWith(".threadLocals"))
        .anySatisfy(each -> assertThat(each).endsWith("ThreadLocalMap$Entry.value"));
  }

  @Test
  void aThreadLocalOfTheCallThatStartedItIsGone() throws Exception {
    comesAndGoes("new ThreadLocal<Object>().set(new Object() {});");
    collected();
  }

  @Test
  @Tag(HELD)
  void aShutdownHookIsShown() throws Exception {
    comesAndGoes("Runtime.getRuntime().addShutdownHook(new Thread(() -> {}, \"hook\"));");
    assertThat(leak().path()).anySatisfy(each -> assertThat(each).isEqualTo("java.lang.ApplicationShutdownHooks.hooks"))
        .anySatisfy(each -> assertThat(each).contains("\"hook\""));
  }

  @Test
  void anMBeanIsUnregistered() throws Exception {
    new Jars(Files.createDirectories(folder.resolve("bean")))
        .source("Gauge", "public class Gauge implements GaugeMBean { public int getLevel() { return 1; } }")
        .source("GaugeMBean", "public interface GaugeMBean { int getLevel(); }")
        .module("guest", """
            java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean(
                new Gauge(), new javax.management.ObjectName("sample:type=Gauge"));
            return () -> {};
            """).header("Import-Package", "org.osgi.framework,dev.tenon.spi.lifecycle,javax.management")
        .write(folder.resolve("run/plugins/guest.jar"));
    ObjectName name = new ObjectName("sample:type=Gauge");
    await().atMost(SOON).until(() -> ManagementFactory.getPlatformMBeanServer().isRegistered(name));
    Files.delete(folder.resolve("run/plugins/guest.jar"));
    await().atMost(SOON).until(() -> running().modules().status().isEmpty());
    assertThat(told("left")).containsExactly("the MBean sample:type=Gauge was unregistered");
    assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name)).isFalse();
    collected();
  }

  @Test
  void aLogHandlerIsTakenOff() throws Exception {
    Logger shared = Logger.getLogger("shared");
    comesAndGoes("""
        java.util.logging.Logger.getLogger("shared").addHandler(new java.util.logging.StreamHandler() {});
        """);
    assertThat(told("left")).singleElement().asString().contains("the log handler sample.Sample$1").contains("the logger \"shared\"");
    assertThat(shared.getHandlers()).isEqualTo(new Handler[0]);
    collected();
  }
}

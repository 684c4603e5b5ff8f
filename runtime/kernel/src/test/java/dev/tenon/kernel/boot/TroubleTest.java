package dev.tenon.kernel.boot;

import static dev.tenon.kernel.boot.Ground.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tenon.kernel.checkpoint.Checkpoint;
import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.plan.Step;
import dev.tenon.kernel.swap.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad jars, bad modules and bad folders: what ran goes on, and the reason is told. */
class TroubleTest {
  private static final String[] SHORT = {"kernel.startDeadline=1500ms", "kernel.readyDeadline=1500ms", "kernel.closeDeadline=300ms", "kernel.drainDeadline=300ms"};

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Ground ground;

  @BeforeEach
  void prepare() throws Exception {
    ground = new Ground(folder);
  }

  @AfterEach
  void close() throws Exception {
    release();
    ground.close();
  }

  /** What a test's module waits for: a file. */
  private void release() throws Exception {
    Files.writeString(folder.resolve("released"), "");
  }

  private String waiting(boolean interruptible) {
    String sleep = interruptible ? "Thread.sleep(10);" : "try { Thread.sleep(10); } catch (InterruptedException e) { }";
    return "while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + folder.resolve("released") + "\"))) { " + sleep + " }\n";
  }

  private void good() throws Exception {
    ground.tagged("tag", "1.0.0", "good").write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactly("good"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "this is not a jar"})
  void anEmptyFileAndATextAreRefusedAndForgottenWithTheFile(String content) throws Exception {
    ground.start();
    Path file = Files.writeString(ground.plugins.resolve("thing.jar"), content);
    eventually(() -> assertThat(ground.reasonOf("thing")).contains("truncated or no jar at all"));
    Files.delete(file);
    eventually(() -> assertThat(ground.kernel().modules().status()).isEmpty());
  }

  @Test
  void ofTwoJarsWithOneNameAndVersionTheLaterRunsAndTheOtherIsTold() throws Exception {
    ground.start();
    ground.tagged("tag", "1.0.0", "first").write(ground.plugins.resolve("a.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactly("first"));
    ground.tagged("tag", "1.0.0", "second").write(ground.plugins.resolve("b.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactly("second"));
    assertThat(ground.kernel().modules().status()).filteredOn(each -> each.state().equals("unused"))
        .extracting(Status::reason).singleElement().asString().contains("b.jar", "same name and version", "delete one");
    assertThat(ground.kernel().modules().plan()).hasOnlyElementsOfType(Step.Pass.class);
  }

  @Test
  void twoVersionsThatSaySoRunSideBySide() throws Exception {
    ground.start();
    ground.tagged("tag", "1.0.0", "one").header("Tenon-Coexist", "true").write(ground.plugins.resolve("tag-1.jar"));
    ground.tagged("tag", "2.0.0", "two").header("Tenon-Coexist", "true").write(ground.plugins.resolve("tag-2.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactlyInAnyOrder("one", "two"));
    Files.delete(ground.plugins.resolve("tag-1.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactly("two"));
  }

  @Test
  void aModuleStartsAfterWhatItNeedsAndACircleIsRefused() throws Exception {
    ground.start();
    ground.tagged("upper", "1.0.0", "upper").header("Tenon-Needs", "lower").write(ground.plugins.resolve("upper.jar"));
    eventually(() -> assertThat(ground.reasonOf("upper")).contains("needs lower", "give one"));
    ground.tagged("lower", "1.0.0", "lower").write(ground.plugins.resolve("lower.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactly("lower", "upper"));
    ground.tagged("lower", "2.0.0", "circle").header("Tenon-Needs", "upper").write(ground.plugins.resolve("lower-2.jar"));
    eventually(() -> assertThat(ground.reasonOf("lower")).contains("in a circle", "lower → upper → lower"));
    Files.delete(ground.plugins.resolve("lower.jar"));
    Files.delete(ground.plugins.resolve("lower-2.jar"));
    eventually(() -> assertThat(ground.events("lower")).contains("kept"));
    Files.delete(ground.plugins.resolve("upper.jar"));
    eventually(() -> assertThat(ground.tags()).isEmpty());
  }

  @Test
  void aJarReplacedWhileItStartsGivesWayToTheNewOne() throws Exception {
    ground.start();
    good();
    ground.tagged("tag", "1.0.0", "second", waiting(true)).write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.kernel().modules().status()).extracting(Status::state).contains("starting"));
    ground.tagged("tag", "1.0.0", "third").write(ground.plugins.resolve("tag.jar"));
    release();
    eventually(() -> assertThat(ground.tags()).containsExactly("third"));
    eventually(() -> assertThat(ground.events("tag")).filteredOn("unloaded"::equals).as("one after the other").hasSize(2));
  }

  @Test
  void aJarDeletedDuringItsStartIsRemovedAfterIt() throws Exception {
    ground.start();
    ground.tagged("tag", "1.0.0", "brief", waiting(true)).write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.kernel().modules().status()).extracting(Status::state).contains("starting"));
    Files.delete(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.kernel().modules().desired().jars()).isEmpty());
    release();
    eventually(() -> assertThat(ground.events("tag")).endsWith("unloaded", "removed"));
    assertThat(ground.tags()).isEmpty();
    assertThat(ground.kernel().modules().status()).isEmpty();
  }

  @Test
  void aProcessThatEndsDuringAStartEndsAfterItAndTellsNoFailure() throws Exception {
    ground.start();
    ground.tagged("tag", "1.0.0", "late", waiting(true)).write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.kernel().modules().status()).extracting(Status::state).contains("starting"));
    Journal told = ground.kernel().journal();
    Thread end = Thread.ofPlatform().start(ground::close);
    eventually(() -> assertThat(end.getState()).isIn(Thread.State.TIMED_WAITING, Thread.State.TERMINATED));
    release();
    end.join();
    assertThat(told.events()).extracting(Journal.Event::event).contains("started", "unloaded").doesNotContain("failed", "stuck");
  }

  @ParameterizedTest(name = "{0}, interruptible: {1}")
  @CsvSource({"activator,true", "activator,false", "constructor,false", "start,true", "start,false", "ready,true", "ready,false", "neverReady,true"})
  void aHangIsUndoneAtItsDeadlineAndHoldsNothingUp(String where, boolean interruptible) throws Exception {
    int first = Checkpoint.number();
    ground.start(SHORT);
    good();
    String hang = waiting(interruptible);
    Jars jar = switch (where) {
      case "start" -> ground.tagged("tag", "1.0.0", "bad", hang);
      case "ready" -> ground.jar().module("tag", readyThat("try { " + hang + " } catch (Exception e) { } return CompletableFuture.completedFuture(null);"));
      case "neverReady" -> ground.jar().module("tag", readyThat("return new CompletableFuture<>();"));
      default -> ground.tagged("tag", "1.0.0", "bad").source("Activator", """
          public final class Activator implements org.osgi.framework.BundleActivator {
            public Activator() throws Exception { %s }
            public void start(org.osgi.framework.BundleContext context) throws Exception { %s }
            public void stop(org.osgi.framework.BundleContext context) {}
          }
          """.formatted(where.equals("constructor") ? hang : "", where.equals("activator") ? hang : ""));
    };
    jar.write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.reasonOf("tag")).contains("was not done in 1500 ms"));
    assertThat(ground.tags()).containsExactly("good");
    ground.tagged("other", "1.0.0", "other").write(ground.plugins.resolve("other.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactlyInAnyOrder("good", "other"));
    if (!interruptible && !where.equals("ready")) {
      assertThat(ground.events("tag")).contains("stuck");
    }
    release();
    eventually(() -> assertThat(ground.events("tag")).as("its classes go when it comes back").contains("unloaded"));
    eventually(() -> {
      System.gc();
      assertThatCode(() -> IntStream.range(first, Checkpoint.number()).forEach(Checkpoint::poll)).as("nobody is condemned for ever").doesNotThrowAnyException();
    });
  }

  private static String readyThat(String body) {
    return """
            return new Running() {
              public CompletionStage<Void> ready() { %s }
              public void close() {}
            };
        """.formatted(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"throw new IllegalStateException(\"no good-bye\");", "hang"})
  void aCloseThatThrowsOrHangsDoesNotHoldUpTheSwap(String close) throws Exception {
    ground.start(SHORT);
    String body = close.equals("hang") ? "try { " + waiting(false) + " } catch (Exception e) { }" : close;
    ground.jar().module("tag", "return () -> { " + body + " };").write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.events("tag")).contains("switched"));
    ground.tagged("tag", "2.0.0", "next").write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(ground.tags()).containsExactly("next"));
    eventually(() -> assertThat(ground.events("tag")).containsSubsequence("closed", "unloaded"));
    assertThat(ground.kernel().journal().events()).anySatisfy(each -> {
      assertThat(each.event()).isEqualTo("closed");
      assertThat(each.detail()).containsAnyOf("no good-bye", "its close was not done in 300 ms");
    });
  }

  @Test
  void aSwapAskedForDuringASwapComesAfterIt() throws Exception {
    ground.start();
    good();
    ground.tagged("tag", "2.0.0", "two", waiting(true)).write(ground.plugins.resolve("tag-2.jar"));
    eventually(() -> assertThat(ground.kernel().modules().status()).extracting(Status::state).contains("starting"));
    ground.tagged("tag", "3.0.0", "three").write(ground.plugins.resolve("tag-3.jar"));
    eventually(() -> assertThat(ground.kernel().modules().desired().jars()).hasSize(3));
    assertThat(ground.tags()).containsExactly("good");
    release();
    eventually(() -> assertThat(ground.tags()).containsExactly("three"));
    assertThat(ground.events("tag")).filteredOn("switched"::equals).hasSize(3);
  }

  @Test
  void fiftyJarsAtOnceAllRun() throws Exception {
    ground.start();
    Path made = ground.adapter().write(folder.resolve("made.jar"));
    for (int i = 0; i < 50; i++) {
      Files.copy(made, ground.plugins.resolve("guard" + i + ".jar"));
    }
    eventually(() -> assertThat(ground.kernel().modules().status()).filteredOn(each -> each.state().equals("active"))
        .extracting(Status::module).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 50).mapToObj(i -> "guard" + i).toList()));
  }

  @Test
  void aDropFolderThatIsGoneStopsNothingAndCountsAgainWhenItIsBack() throws Exception {
    ground.start();
    good();
    Path away = Files.move(ground.plugins, folder.resolve("away"));
    eventually(() -> assertThat(Files.exists(ground.plugins)).isFalse());
    ground.tagged("tag", "2.0.0", "two").write(away.resolve("tag.jar"));
    assertThat(ground.tags()).containsExactly("good");
    Files.move(away, ground.plugins);
    eventually(() -> assertThat(ground.tags()).containsExactly("two"));
    assertThat(ground.events("tag")).doesNotContain("removed");
  }

  @Test
  void aReadOnlyDropFolderIsWatchedAllTheSame() throws Exception {
    Files.setPosixFilePermissions(ground.plugins, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(Files.isWritable(ground.plugins), "this user may write to what is read-only");
      ground.start();
      assertThat(ground.kernel().modules().status()).isEmpty();
    } finally {
      Files.setPosixFilePermissions(ground.plugins, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    good();
  }
}

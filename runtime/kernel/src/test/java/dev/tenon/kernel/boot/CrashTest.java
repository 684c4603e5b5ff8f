package dev.tenon.kernel.boot;

import static dev.tenon.kernel.boot.Ground.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that is killed in the middle of a swap, and one whose disk is full. */
class CrashTest {
  @TempDir Path folder;
  private @Nullable Child child;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Ground ground;

  @BeforeEach
  void prepare() throws Exception {
    ground = new Ground(folder);
  }

  @AfterEach
  void close() throws Exception {
    if (child != null) {
      child.close();
    }
    ground.close();
  }

  private Child child(List<String> before, String line) throws IOException {
    Child started = Child.start(ground, before, line);
    child = started;
    return started;
  }

  private void tag(String file, String version, String tag) throws Exception {
    ground.tagged("tag", version, tag).write(ground.plugins.resolve(file));
  }

  private void untilGood(String version) {
    eventually(() -> assertThat(Files.exists(ledger()) ? Files.readString(ledger()) : "").contains("good\ttag\ttag\t" + version));
  }

  private Path ledger() {
    return ground.run.resolve("kept/ledger");
  }

  @ParameterizedTest(name = "killed when {0}: {1} serves")
  @CsvSource({
    "planned, one", "loaded, one", "verified, one", "started, one", "ready, one",
    "switched, one", "drained, two", "closed, two", "unloaded, two"})
  void aProcessKilledInTheMiddleOfASwapComesUpWithWhatServedLast(String event, String serves) throws Exception {
    tag("tag.jar", "1.0.0", "one");
    boolean ofTheNewBuild = serves.equals("one");
    Child killed = child(List.of(), "tag " + event + " " + (ofTheNewBuild ? "2" : "1") + "\\.0\\.0.*");
    untilGood("1.0.0");
    tag("tag.jar", "2.0.0", "two");
    try (BufferedReader said = new BufferedReader(new InputStreamReader(killed.process().getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).startsWith("AT tag " + event);
    }
    killed.close();

    ground.start();
    eventually(() -> assertThat(ground.tags()).containsExactly(serves));
    if (serves.equals("one")) {
      assertThat(ground.reasonOf("tag")).contains("the process died while this was tried");
      ground.close();
      ground.start();
      eventually(() -> assertThat(ground.tags()).as("also after one more restart").containsExactly("one"));
      tag("tag.jar", "2.0.0", "two");
      eventually(() -> assertThat(ground.tags()).as("written anew it is tried again").containsExactly("two"));
      assertThat(ground.reasonOf("tag")).isEmpty();
    }
  }

  @Test
  void aJarOfWhichTheProcessDiesWhenItFirstStartsIsNotTriedAgainByItself() throws Exception {
    tag("tag.jar", "1.0.0", "other");
    Child killed = child(List.of(), Child.NEVER);
    untilGood("1.0.0");
    // Should it be tried again after all, this test goes on to say so.
    ground.tagged("deadly", "1.0.0", "deadly", "if (!Boolean.getBoolean(\"tenon.test.spared\")) Runtime.getRuntime().halt(9);")
        .write(ground.plugins.resolve("deadly.jar"));
    assertThat(killed.ended()).isEqualTo(9);
    System.setProperty("tenon.test.spared", "true");
    try {
      ground.start();
      eventually(() -> assertThat(ground.tags()).containsExactly("other"));
      assertThat(ground.reasonOf("deadly")).contains("the process died while this was tried");
      ground.tagged("deadly", "1.0.0", "deadly").write(ground.plugins.resolve("deadly.jar"));
      eventually(() -> assertThat(ground.tags()).as("written anew it is tried again").containsExactlyInAnyOrder("other", "deadly"));
    } finally {
      System.clearProperty("tenon.test.spared");
    }
  }

  @Test
  void aFullDiskStopsNothingAndIsToldAndTheJarRunsWhenThereIsRoom() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is not installed");
    tag("tag.jar", "1.0.0", "one");
    Child limited = child(List.of("/usr/bin/prlimit", "--fsize=400000:unlimited"), Child.NEVER);
    untilGood("1.0.0");
    byte[] ballast = new byte[600_000];
    new Random(7).nextBytes(ballast);
    Path file = Files.write(folder.resolve("ballast"), ballast);
    ground.tagged("tag", "2.0.0", "two").file("ballast", file).write(ground.plugins.resolve("tag.jar"));
    eventually(() -> assertThat(limited.said()).contains("tag refused", "cannot be copied", "too large"));
    assertThat(limited.process().isAlive()).isTrue();
    assertThat(new ProcessBuilder("/usr/bin/prlimit", "--pid", Long.toString(limited.process().pid()), "--fsize=unlimited:unlimited").start().waitFor()).isZero();
    untilGood("2.0.0");
    limited.process().destroy();
    assertThat(limited.ended()).isZero();
  }
}

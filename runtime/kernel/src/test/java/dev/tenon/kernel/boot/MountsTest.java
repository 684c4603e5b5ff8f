package dev.tenon.kernel.boot;

import static dev.tenon.kernel.boot.Ground.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process over file systems that do not take what it writes: made for it alone, in a mount namespace of its own. */
class MountsTest {
  @TempDir Path folder;
  private @Nullable Child child;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Ground ground;

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(mayMount(), "this user may not mount anything, not even in a namespace of its own");
    ground = new Ground(folder);
  }

  private static boolean mayMount() throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt").redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void close() throws Exception {
    if (child != null) {
      child.close();
    }
  }

  /** Starts a process after a shell has mounted something, which nobody else sees. */
  private Child behind(String mounts, String... sets) throws IOException {
    Child started = Child.start(ground, List.of("unshare", "-rm", "sh", "-ec", mounts + "; exec \"$@\"", "mounts"), Child.NEVER, sets);
    child = started;
    return started;
  }

  /** A file as the process sees it. */
  private static Path seenBy(Child child, Path file) {
    return Path.of("/proc", Long.toString(child.process().pid()), "root").resolve(Path.of("/").relativize(file));
  }

  private void tag(Path folder, String version, String tag) throws Exception {
    ground.tagged("tag", version, tag).write(folder.resolve("tag.jar"));
  }

  private static void untilSaid(Child child, String... words) {
    eventually(() -> assertThat(child.said()).contains(words));
  }

  @Test
  void aDropFolderThatNobodyMayWriteToIsWatchedAllTheSame() throws Exception {
    tag(ground.plugins, "1.0.0", "one");
    Child reader = behind("mount --bind '" + ground.plugins + "' '" + ground.plugins + "'; mount -o remount,bind,ro '" + ground.plugins + "'");
    untilSaid(reader, "tag switched 1.0.0");
    assertThat(Files.isWritable(seenBy(reader, ground.plugins))).as("read-only where the process is").isFalse();
    tag(ground.plugins, "2.0.0", "two");
    untilSaid(reader, "tag switched 2.0.0");
    Files.delete(ground.plugins.resolve("tag.jar"));
    untilSaid(reader, "tag removed 2.0.0");
    reader.process().destroy();
    assertThat(reader.ended()).isZero();
  }

  @Test
  void aRunDirectoryWithoutRoomKeepsWhatRunsAndTheJarRunsWhenThereIsRoom() throws Exception {
    Path drops = Files.createDirectories(folder.resolve("drops"));
    tag(drops, "1.0.0", "one");
    Child full = behind("mount -t tmpfs -o size=2m none '" + ground.run + "'", "kernel.plugins=" + drops);
    untilSaid(full, "tag switched 1.0.0");
    Path ballast = seenBy(full, ground.run.resolve("ballast"));
    fill(ballast);
    tag(drops, "2.0.0", "two");
    untilSaid(full, "tag refused", "No space left on device");
    assertThat(full.said()).doesNotContain("tag removed");
    assertThat(full.process().isAlive()).isTrue();
    Files.delete(ballast);
    untilSaid(full, "tag switched 2.0.0");
    full.process().destroy();
    assertThat(full.ended()).isZero();
  }

  /** Writes until nothing more is taken. */
  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      byte[] page = new byte[4096];
      for (int i = 0; i < 1024; i++) {
        out.write(page);
      }
      throw new IllegalStateException(file + " takes more than its file system holds");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}

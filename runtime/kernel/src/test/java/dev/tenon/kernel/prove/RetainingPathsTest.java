package dev.tenon.kernel.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainingPathsTest {
  private static @Nullable Object held;

  @TempDir Path folder;
  private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();

  private static ClassLoader loader() {
    return new URLClassLoader(new URL[0], null);
  }

  private String path(Ticket ticket) throws Exception {
    Leak leak = new RetainingPaths(folder.resolve("dumps")).find(List.of(ticket)).get(ticket.number);
    assertThat(folder.resolve("dumps")).as("the dump was deleted").isEmptyDirectory();
    return leak == null ? "" : leak.text();
  }

  @Test
  void aHeapDumpIsItsOwnersAlone() throws Exception {
    Path dump = new RetainingPaths(folder.resolve("dumps")).dump();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dump))).isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("dumps")))).isEqualTo("rwx------");
  }

  @Test
  void theShortestWayIsShownFromTheRootToTheLoader() throws Exception {
    ClassLoader loader = loader();
    held = Map.of("key", new Object[] {"", "", loader});
    Ticket ticket = new Ticket("guest", "1.0", loader, collected, () -> {});
    loader = null;
    assertThat(path(ticket)).isEqualTo("a static field → dev.tenon.kernel.prove.RetainingPathsTest.held"
        + " → java.util.ImmutableCollections$Map1.v0 → java.lang.Object[2] → the class loader");
    assertThat(held).isNotNull();
    held = null;
  }

  @Test
  void whatOnlySoftReferencesHoldIsSaidToBeHeldSoftly() throws Exception {
    SoftReference<ClassLoader> soft = new SoftReference<>(loader());
    held = soft;
    Ticket ticket = new Ticket("guest", "1.0", java.util.Objects.requireNonNull(soft.get()), collected, () -> {});
    assertThat(path(ticket)).startsWith("softly, until memory is short → ").contains("SoftReference.referent");
    held = null;
  }

  @Test
  void aLoaderThatIsGoneByThenIsNoLeak() throws Exception {
    Ticket ticket = new Ticket("guest", "1.0", loader(), collected, () -> {});
    assertThat(path(ticket)).isEqualTo("it has been collected meanwhile");
  }

  @Test
  void aFileThatIsNoHeapDumpIsRefusedWithoutAnException() throws Exception {
    Path dump = Files.writeString(folder.resolve("no.hprof"), "JAVA PROFILE 1.0.2 and no more");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PathFinder.print(dump, List.of(1L), new PrintStream(out, true, StandardCharsets.UTF_8));
    } catch (java.io.IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    assertThat(out.size()).isZero();
  }
}

package dev.tenon.registry.vm.keep;

import static dev.tenon.registry.vm.accept.Said.claim;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.vm.lease.Change;
import dev.tenon.registry.vm.lease.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseFolderTest {
  @TempDir Path directory = Path.of("");

  static Lease lease(String name, String address) {
    return new Lease(
        "0123456789abcdef-" + name, claim(reviews(name, address)).registrant().orElseThrow(), Duration.ofSeconds(10));
  }

  private final Lease one = lease("one", "127.0.0.11");
  private final Lease two = lease("two", "127.0.0.12");

  @BeforeEach
  void writeBoth() throws IOException {
    assertThat(folder().write(List.of(new Change.Put(one), new Change.Put(two)))).isEmpty();
  }

  private LeaseFolder folder() throws IOException {
    return new LeaseFolder(directory, new RealDisk());
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    assertThat(folder().read(true)).containsExactlyInAnyOrder(one, two);
    assertThat(folder().write(List.of(new Change.Removed(one.key())))).isEmpty();
    assertThat(folder().read(true)).containsExactly(two);
  }

  @Test
  void aFileCutShortAnywhereIsSetAsideAndTakesNothingWithIt() throws IOException {
    Path file = directory.resolve("default.one.lease");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThat(folder().read(true)).containsExactly(two);
      assertThat(file).doesNotExist();
      assertThat(directory.resolve("default.one.lease.unreadable")).exists();
    }
  }

  @Test
  void anAlteredFileIsSetAside() throws IOException {
    Path file = directory.resolve("default.one.lease");
    Files.writeString(file, Files.readString(file).replace("127.0.0.11", "127.0.0.99"));
    assertThat(folder().read(true)).containsExactly(two);
  }

  @Test
  void oneFileThatCannotBeWrittenDoesNotHinderTheOthers() throws IOException {
    LeaseFolder folder =
        new LeaseFolder(
            directory,
            new RealDiskLike() {
              @Override
              public void replace(Path file, byte[] content) throws IOException {
                if (file.getFileName().toString().contains("w7")) {
                  throw new IOException("No space left on device");
                }
                super.replace(file, content);
              }
            });
    List<Change> changes = new java.util.ArrayList<>();
    for (int number = 0; number < 20; number++) {
      changes.add(new Change.Put(lease("w" + number, "127.0.0.13")));
    }
    assertThat(folder.write(changes)).containsOnlyKeys(changes.get(7));
    assertThat(folder().read(true)).hasSize(21);
  }

  @Test
  void aFileUnderAnotherWorkloadsNameIsSetAside() throws IOException {
    Files.move(directory.resolve("default.one.lease"), directory.resolve("default.three.lease"));
    assertThat(folder().read(true)).containsExactly(two);
  }

  @Test
  void aHugeFileIsSetAside() throws IOException {
    Files.write(directory.resolve("default.one.lease"), new byte[1 << 20]);
    assertThat(folder().read(true)).containsExactly(two);
  }

  @Test
  void whatWasHalfWrittenIsDeleted() throws IOException {
    Path partial = Files.writeString(directory.resolve("default.one.lease.partial"), "half");
    assertThat(folder().read(true)).hasSize(2);
    assertThat(partial).doesNotExist();
  }

  @Test
  void aFolderThatIsNotItsOwnIsOnlyRead() throws IOException {
    Path file = Files.writeString(directory.resolve("default.one.lease"), "broken");
    Path partial = Files.writeString(directory.resolve("default.three.lease.partial"), "half");
    assertThat(folder().read(false)).containsExactly(two);
    assertThat(file).exists();
    assertThat(partial).exists();
  }

  @Test
  void readsAgainOnlyWhatWasReplaced() throws IOException {
    AtomicInteger reads = new AtomicInteger();
    LeaseFolder folder = new LeaseFolder(directory, new CountingDisk(reads));
    folder.read(false);
    assertThat(reads).hasValue(2);
    Lease moved = lease("one", "127.0.0.21");
    folder().write(List.of(new Change.Put(moved)));
    assertThat(folder.read(false)).containsExactlyInAnyOrder(moved, two);
    assertThat(reads).hasValue(3);
  }

  private static final class CountingDisk extends RealDiskLike {
    private final AtomicInteger reads;

    CountingDisk(AtomicInteger reads) {
      this.reads = reads;
    }

    @Override
    public byte[] read(Path file, int most) throws IOException {
      reads.incrementAndGet();
      return super.read(file, most);
    }
  }
}

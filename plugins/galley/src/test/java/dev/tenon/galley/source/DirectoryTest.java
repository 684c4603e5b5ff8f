package dev.tenon.galley.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets of files change as one, whatever happens in between; scans see what there is. */
class DirectoryTest {
  private static final Map<String, String> OLD = Map.of("n/k/a.yaml", "old a", "n/k/b.yaml", "old b", "n/k/c.yaml", "old c");
  private static final Map<String, String> NEW = Map.of("n/k/a.yaml", "new a", "m/k/d.yaml", "new d", "n/k/c.yaml", "old c");

  @Test
  void aSetIsThereWhollyOrNotAtAllWhereverTheProcessDies(@TempDir Path temporary) throws IOException {
    int steps = 1;
    int decided = 0;
    for (FailingDisk disk = null; disk == null || !disk.survived(); steps++) {
      Path root = temporary.resolve("run" + steps);
      write(root, OLD);
      disk = FailingDisk.diesAfter(steps);
      change(root, disk);
      // The next process finds what this one left.
      Map<String, String> found = read(new Directory(root, new LocalDisk()));
      assertThat(found).as("dead after %s steps", steps).isIn(new TreeMap<>(OLD), new TreeMap<>(NEW));
      decided += found.equals(NEW) ? 1 : 0;
    }
    assertThat(steps).isGreaterThan(12);
    assertThat(decided).isBetween(2, steps - 2);
  }

  @Test
  void aFullDiskLeavesTheOldFilesWholeAndSaysSo(@TempDir Path temporary) throws IOException {
    int steps = 1;
    for (boolean failed = true; failed; steps++) {
      Path root = temporary.resolve("run" + steps);
      write(root, OLD);
      FailingDisk disk = FailingDisk.fullAfter(steps);
      failed = false;
      Directory directory = new Directory(root, disk);
      try {
        directory.commit(puts(), Set.of("n/k/b.yaml"));
      } catch (IOException e) {
        failed = true;
        assertThat(Directory.reason(e)).contains("No space left on device");
        boolean later = Directory.willBeCompleted(e);
        ConfigListing full = directory.scan();
        assertThat(full.whole()).as("after %s steps", steps).isEqualTo(!later);
        disk.mend();
        assertThat(read(directory)).as("after %s steps", steps).isEqualTo(new TreeMap<>(later ? NEW : OLD));
      }
    }
    assertThat(steps).isGreaterThan(10);
  }

  @Test
  void whatIsNotYamlOrHiddenIsNotLookedAt(@TempDir Path root) throws IOException {
    write(root, Map.of("a.yaml", "a", "b.yml", "b", "c.json", "{}", "d.txt", "d", ".e.yaml", "e", ".git/f.yaml", "f", "x/y/g.yaml", "g"));
    assertThat(read(new Directory(root, new LocalDisk())).keySet()).containsExactly("a.yaml", "b.yml", "c.json", "x/y/g.yaml");
  }

  @Test
  void aFileThatCannotBeReadSaysWhy(@TempDir Path root) throws IOException {
    Files.write(root.resolve("latin.yaml"), new byte[] {'a', (byte) 0xe4});
    Files.write(root.resolve("large.yaml"), new byte[Directory.LARGEST_FILE + 1]);
    Files.createSymbolicLink(root.resolve("nowhere.yaml"), root.resolve("gone"));
    assertThat(new Directory(root, new LocalDisk()).scan().texts())
        .flatExtracting(ConfigText::problems)
        .extracting(each -> each.message().replace(root.toString(), ""))
        .containsExactly(
            "is larger than 4194304 bytes; split it into several files",
            "is not UTF-8; save it as UTF-8",
            "cannot be read: NoSuchFile /nowhere.yaml");
  }

  @Test
  void aDirectoryThatIsGoneIsNotAnEmptyOne(@TempDir Path root) {
    ConfigListing listing = new Directory(root.resolve("gone"), new LocalDisk()).scan();
    assertThat(listing.whole()).isFalse();
    assertThat(listing.problems()).singleElement().satisfies(each -> assertThat(each.message()).contains("cannot be read"));
  }

  @Test
  void twoGenerationsTakeTurns(@TempDir Path root) throws Exception {
    Directory one = new Directory(root, new LocalDisk());
    Directory other = new Directory(root, new LocalDisk());
    Thread[] threads = new Thread[2];
    java.util.Queue<Throwable> failures = new java.util.concurrent.ConcurrentLinkedQueue<>();
    for (int t = 0; t < 2; t++) {
      Directory mine = t == 0 ? one : other;
      String name = "n/k/" + t;
      threads[t] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 5; i++) {
                        mine.commit(Map.of(name + i + ".yaml", "x", "n/k/shared.yaml", name), Set.of());
                      }
                    } catch (IOException e) {
                      failures.add(e);
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(read(one)).hasSize(11);
  }

  @Test
  void aJournalThatLeadsOutOfTheDirectoryIsNotFollowed(@TempDir Path root) throws IOException {
    Directory directory = new Directory(root.resolve("config"), new LocalDisk());
    write(directory.own(), Map.of("journal", "delete - ../../victim\n"));
    Files.writeString(root.resolve("victim"), "v");
    assertThatThrownBy(() -> directory.commit(Map.of("a.yaml", "a"), Set.of())).hasMessageContaining("outside");
    assertThat(root.resolve("victim")).exists();
  }

  private static void change(Path root, Disk disk) throws IOException {
    try {
      new Directory(root, disk).commit(puts(), Set.of("n/k/b.yaml"));
    } catch (FailingDisk.Death e) {
      // Dead.
    }
  }

  private static Map<String, String> puts() {
    Map<String, String> puts = new LinkedHashMap<>();
    puts.put("n/k/a.yaml", "new a");
    puts.put("m/k/d.yaml", "new d");
    return puts;
  }

  private static Map<String, String> read(Directory directory) {
    Map<String, String> result = new TreeMap<>();
    ConfigListing listing = directory.scan();
    assertThat(listing.problems()).isEmpty();
    listing.texts().forEach(file -> result.put(file.path(), file.text()));
    return result;
  }

  private static void write(Path root, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(java.util.Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
  }
}

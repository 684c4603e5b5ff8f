package dev.tenon.galley.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes several files as if it were one step. New contents are staged beside the files; then a list
 * of what is to be done gets its name by one rename, and from that moment the change is certain: what
 * a crash interrupts is finished by {@link #finish} later.
 *
 * <p>Thread-safe, and safe against another generation of this module: a file lock lets one in.
 */
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int AT_A_TIME = 32;

  private final Path root;
  private final Path own;
  private final Disk disk;

  /**
   * @param root what the changed files' paths are relative to
   * @param own a directory below it for staging; skipped by scans
   */
  Journal(Path root, Path own, Disk disk) {
    this.root = root;
    this.own = own;
    this.disk = disk;
  }

  /**
   * Puts and deletes files, all or none.
   *
   * @param puts contents by path
   * @param deletes paths
   * @throws Unfinished when the change is certain but could not be completed yet
   * @throws IOException when nothing was changed
   */
  synchronized void commit(Map<String, String> puts, Set<String> deletes) throws IOException {
    disk.makeDirectories(own);
    try (FileChannel channel = channel();
        FileLock lock = lock(channel)) {
      complete();
      try {
        stage(puts, deletes);
      } catch (IOException e) {
        if (Files.exists(journal())) {
          // It has its name, though perhaps not on the medium yet: there is no way back.
          throw new Unfinished(e);
        }
        clear();
        throw e;
      }
      completeOrSay();
    }
  }

  /** Completes what a crash or a full disk interrupted. */
  synchronized void finish() throws IOException {
    if (!Files.exists(own)) {
      return;
    }
    try (FileChannel channel = channel();
        FileLock lock = lock(channel)) {
      complete();
      clear();
    }
  }

  private void stage(Map<String, String> puts, Set<String> deletes) throws IOException {
    clear();
    disk.makeDirectories(stage());
    List<String> steps = new ArrayList<>();
    Set<Path> parents = new LinkedHashSet<>();
    List<byte[]> contents = new ArrayList<>();
    for (Map.Entry<String, String> put : puts.entrySet()) {
      contents.add(put.getValue().getBytes(StandardCharsets.UTF_8));
      steps.add("put " + steps.size() + " " + put.getKey());
      for (Path each = parent(root.resolve(put.getKey())); !each.equals(root); each = parent(each)) {
        parents.add(parent(each));
      }
      if (!Files.isDirectory(parent(root.resolve(put.getKey())))) {
        disk.makeDirectories(parent(root.resolve(put.getKey())));
      }
    }
    write(contents);
    deletes.forEach(path -> steps.add("delete - " + path));
    disk.force(stage());
    for (Path each : parents) {
      disk.force(each);
    }
    Path draft = own.resolve("journal.draft");
    disk.write(draft, (String.join("\n", steps) + "\n").getBytes(StandardCharsets.UTF_8));
    disk.move(draft, journal());
    disk.force(own);
  }

  /** Many at a time, since waiting for the medium is what takes the time, and it takes many at once. */
  private void write(List<byte[]> contents) throws IOException {
    if (contents.size() < 4) {
      for (int i = 0; i < contents.size(); i++) {
        disk.write(stage().resolve(String.valueOf(i)), contents.get(i));
      }
      return;
    }
    Semaphore permits = new Semaphore(AT_A_TIME);
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < contents.size() && failure.get() == null; i++) {
        Path file = stage().resolve(String.valueOf(i));
        byte[] content = contents.get(i);
        permits.acquireUninterruptibly();
        writers.execute(
            () -> {
              try {
                disk.write(file, content);
              } catch (IOException e) {
                failure.compareAndSet(null, e);
              } finally {
                permits.release();
              }
            });
      }
    }
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private void completeOrSay() throws IOException {
    try {
      complete();
    } catch (IOException e) {
      throw new Unfinished(e);
    }
  }

  /** Every step may have been done before, wholly or in part. */
  private void complete() throws IOException {
    if (!Files.exists(journal())) {
      return;
    }
    Set<Path> parents = new LinkedHashSet<>();
    for (String step : Files.readAllLines(journal())) {
      String[] words = step.split(" ", 3);
      Path target = root.resolve(words[2]).normalize();
      if (!target.startsWith(root)) {
        throw new IOException(journal() + " names a file outside " + root + ": " + words[2]);
      }
      Path staged = stage().resolve(words[1]);
      if (words[0].equals("delete")) {
        disk.delete(target);
      } else if (Files.exists(staged)) {
        disk.makeDirectories(parent(target));
        disk.move(staged, target);
      }
      if (Files.isDirectory(parent(target))) {
        parents.add(parent(target));
      }
    }
    for (Path each : parents) {
      disk.force(each);
    }
    disk.delete(journal());
    try {
      disk.force(own);
    } catch (IOException e) {
      // All is done. At worst a crash brings the list back, and it is gone through once more.
      LOG.warn("{} could not be forced to the medium: {}", own, e.toString());
    }
  }

  private void clear() throws IOException {
    if (!Files.isDirectory(stage())) {
      return;
    }
    try (Stream<Path> files = Files.list(stage())) {
      for (Path file : files.toList()) {
        disk.delete(file);
      }
    }
  }

  private FileChannel channel() throws IOException {
    return FileChannel.open(own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // Another generation in this process has it.
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    } while (System.nanoTime() - end < 0);
    throw new IOException("another process has been writing to the directory for " + PATIENCE.toSeconds() + " s; try again");
  }

  private Path stage() {
    return own.resolve("stage");
  }

  private Path journal() {
    return own.resolve("journal");
  }

  private static Path parent(Path path) {
    return java.util.Objects.requireNonNull(path.getParent());
  }

  /** The change is certain, and will be completed when the cause is gone. */
  static final class Unfinished extends IOException {
    private static final long serialVersionUID = 1L;

    Unfinished(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}

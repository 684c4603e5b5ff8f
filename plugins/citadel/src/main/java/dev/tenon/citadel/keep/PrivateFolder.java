package dev.tenon.citadel.keep;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory of mode 0700 with files of mode 0600. A file is written whole beside its old version, forced to the disk, renamed over it,
 * and the directory is forced too: after {@link #replace} returns, it survives a loss of power; when that throws, the old version is there.
 */
public final class PrivateFolder {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_FILES = 100_000;
  private static final int LOCK_MILLIS = 5_000;
  private static final long UNSETTLED_MILLIS = 2_000;
  private static final String PARTIAL = ".partial";

  private final Path directory;

  /**
   * Makes the directory where it is missing.
   *
   * @throws IOException when it cannot be made, or its mode cannot be set
   */
  public PrivateFolder(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  /** A folder inside. */
  public PrivateFolder folder(String name) throws IOException {
    return new PrivateFolder(directory.resolve(name));
  }

  /** Where it is, for messages. */
  @Override
  public String toString() {
    return directory.toString();
  }

  /** A file's content; empty when there is no such file. */
  public Optional<byte[]> read(String name) throws IOException {
    try (InputStream in = Files.newInputStream(directory.resolve(name))) {
      byte[] content = in.readNBytes(MOST_BYTES + 1);
      if (content.length > MOST_BYTES) {
        throw new IOException(directory.resolve(name) + " is larger than " + MOST_BYTES + " bytes; it was not written here");
      }
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** What changes whenever a file is replaced or deleted, by whichever process; empty when there is no such file. */
  public Optional<Object> mark(String name) throws IOException {
    try {
      return Optional.of(mark(directory.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * What changes whenever any of its files does. A clock that ticks coarsely may give two changes one time: what was changed just now has a
   * mark that equals no other.
   */
  public Object mark() throws IOException {
    long age = System.currentTimeMillis() - Files.getLastModifiedTime(directory).toMillis();
    return Math.abs(age) < UNSETTLED_MILLIS ? new Object() : mark(directory);
  }

  private static Object mark(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return List.of(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
  }

  /** The names of its files. */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, each -> Files.isRegularFile(each))) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(PARTIAL) && !name.startsWith(".") && names.size() < MOST_FILES) {
          names.add(name);
        }
      }
    }
    names.sort(null);
    return names;
  }

  /** Writes a file whole. */
  public void replace(String name, byte[] content) throws IOException {
    Path partial = directory.resolve(name + PARTIAL);
    Files.deleteIfExists(partial);
    try (FileChannel channel =
        FileChannel.open(
            partial,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(partial);
      throw e;
    }
    Files.move(partial, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    force();
  }

  /** Deletes a file, if it is there. */
  public void delete(String name) throws IOException {
    if (Files.deleteIfExists(directory.resolve(name))) {
      force();
    }
  }

  private void force() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What is done while nobody else does such a thing in this folder. */
  @FunctionalInterface
  public interface Work<T> {
    T done() throws IOException;
  }

  /**
   * Does something alone: two generations, or two processes, may share the folder.
   *
   * @throws IOException when the work fails, or another does not finish within five seconds
   */
  public <T> T alone(Work<T> work) throws IOException {
    Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    long deadline = System.nanoTime() + LOCK_MILLIS * 1_000_000L;
    try (FileChannel channel = FileChannel.open(directory.resolve(".lock"), options, mode)) {
      while (true) {
        try (FileLock lock = channel.tryLock()) {
          if (lock != null) {
            return work.done();
          }
        } catch (OverlappingFileLockException e) {
          // Another generation in this process has it.
        }
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(directory + " is in use by another for too long");
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

package dev.tenon.kernel.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The process's own directory, for one process at a time: {@code state/}, {@code logs/}, {@code
 * kept/} (what the kernel remembers), {@code cache/} (emptied at each start), {@code admin.sock} and the lock.
 */
final class RunDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lockFile;

  private RunDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes it if it is missing, and locks it.
   *
   * @throws IOException when another process has it, or it cannot be written to
   */
  static RunDirectory take(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x---"));
    }
    Path file = path.resolve("lock");
    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
    try {
      if (lock(channel) == null) {
        throw new IOException("the run directory " + path + " is in use by process " + Files.readString(file).strip()
            + "; stop that one or choose another with run.directory");
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      RunDirectory own = new RunDirectory(path, channel);
      delete(own.cache());
      Files.createDirectories(path.resolve("logs"));
      return own;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path cache() {
    return path.resolve("cache");
  }

  Path state() {
    return path.resolve("state");
  }

  /** What the kernel itself remembers over restarts. */
  Path kept() {
    return path.resolve("kept");
  }

  Path socket() {
    return path.resolve("admin.sock");
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
        if (failure != null) {
          throw failure;
        }
        Files.delete(directory);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  @Override
  public void close() throws IOException {
    delete(cache());
    Files.deleteIfExists(path.resolve("lock"));
    lockFile.close();
  }
}

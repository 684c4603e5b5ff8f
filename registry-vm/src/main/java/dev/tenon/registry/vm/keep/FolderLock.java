package dev.tenon.registry.vm.keep;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to write into a folder. While two generations of this module run side by side, the older
 * one has it until it has drained; the newer one asks until it gets it. Another process that has it is
 * an error.
 */
public final class FolderLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  /** Does not lock yet. */
  public FolderLock(Path directory) throws IOException {
    this.file = directory.resolve("lock");
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /**
   * Takes the lock if it is free; not to be called again once it has it.
   *
   * @return false when an older generation in this process has it
   * @throws IOException when another process has it
   */
  public boolean take() throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw new IOException(
            file + " is locked by another process: two control planes cannot share a run directory; give this one its own with --set run.directory=PATH");
      }
      return true;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

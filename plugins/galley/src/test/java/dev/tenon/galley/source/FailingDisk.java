package dev.tenon.galley.source;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A disk on which the n-th step fails: for want of space, or because the process dies there. */
public final class FailingDisk implements Disk {
  private final Disk disk = new LocalDisk();
  private final boolean deadly;
  private int left;

  private FailingDisk(int steps, boolean deadly) {
    this.left = steps;
    this.deadly = deadly;
  }

  /** No space is left after some steps, until {@link #mend}. */
  public static FailingDisk fullAfter(int steps) {
    return new FailingDisk(steps, false);
  }

  /** The process dies after some steps. */
  public static FailingDisk diesAfter(int steps) {
    return new FailingDisk(steps, true);
  }

  /** Not caught by anything that handles exceptions of files. */
  public static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  public void mend() {
    left = Integer.MAX_VALUE;
  }

  /** Whether so many steps were made that nothing failed. */
  public boolean survived() {
    return left > 0;
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    if (left == 1) {
      // Half of it gets there.
      disk.write(file, java.util.Arrays.copyOf(content, content.length / 2));
    }
    step(file);
    disk.write(file, content);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    step(to);
    disk.move(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    if (deadly) {
      step(file);
    }
    disk.delete(file);
  }

  @Override
  public void makeDirectories(Path directory) throws IOException {
    step(directory);
    disk.makeDirectories(directory);
  }

  @Override
  public void force(Path directory) throws IOException {
    step(directory);
    disk.force(directory);
  }

  private void step(Path path) throws IOException {
    if (--left <= 0) {
      if (deadly) {
        throw new Death();
      }
      throw new FileSystemException(path.toString(), null, "No space left on device");
    }
  }
}

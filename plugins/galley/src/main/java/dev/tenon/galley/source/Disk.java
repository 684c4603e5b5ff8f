package dev.tenon.galley.source;

import java.io.IOException;
import java.nio.file.Path;

/** What is done to the file system; apart, so that tests can let each step fail. */
public interface Disk {
  /** Writes a file anew and waits until its content is on the medium. */
  void write(Path file, byte[] content) throws IOException;

  /** Renames within one file system; what was at the target is replaced in one step. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file, if it is there. */
  void delete(Path file) throws IOException;

  /** Makes a directory and those above it, where they are missing. */
  void makeDirectories(Path directory) throws IOException;

  /** Waits until a directory's entries are on the medium. */
  void force(Path directory) throws IOException;
}

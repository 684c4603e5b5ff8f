package dev.tenon.registry.vm.keep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The calls that touch the disk, apart so that a test can let them fail. */
public interface Disk {
  /** What marks a file that is being written. */
  String PARTIAL = ".partial";

  /** Makes a directory and what is missing above it. */
  void makeDirectory(Path directory) throws IOException;

  /** Writes a file whole under another name, forces it to the disk, and renames it into place. */
  void replace(Path file, byte[] content) throws IOException;

  /** Deletes a file; a missing one is no error. */
  void delete(Path file) throws IOException;

  /** Gives a file another name. */
  void rename(Path file, Path to) throws IOException;

  /** Forces renames and deletions in a directory to the disk. */
  void force(Path directory) throws IOException;

  /** Names the regular files in a directory, each with a mark that changes when the file is replaced. */
  Map<String, Object> list(Path directory) throws IOException;

  /** Reads a file of at most so many bytes; a longer one is an error. */
  byte[] read(Path file, int most) throws IOException;
}

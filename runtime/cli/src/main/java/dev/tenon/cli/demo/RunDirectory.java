package dev.tenon.cli.demo;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory of one run, claimed so that two demos do not use it at once. */
final class RunDirectory implements AutoCloseable {
  private static final String MARK = "demo.lock";
  private final Path path;
  private final FileChannel channel;

  private RunDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Empties the directory and claims it; refuses one that is not a demo's own. */
  static RunDirectory claim(Path path) throws IOException {
    Path mark = path.resolve(MARK);
    if (Files.isDirectory(path) && !Files.exists(mark) && !isEmpty(path)) {
      throw new Refused(path + " holds files that are not a demo's; name another --run-directory");
    }
    Files.createDirectories(path);
    FileChannel channel = FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new Refused("another demo runs in " + path + "; end it, or name another --run-directory");
    }
    empty(path, mark);
    return new RunDirectory(path, channel);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void empty(Path path, Path except) throws IOException {
    List<Path> all;
    try (Stream<Path> entries = Files.walk(path)) {
      all = entries.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path entry : all) {
      if (!entry.equals(path) && !entry.equals(except)) {
        Files.deleteIfExists(entry);
      }
    }
  }
}

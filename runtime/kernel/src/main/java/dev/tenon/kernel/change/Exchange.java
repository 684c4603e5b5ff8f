package dev.tenon.kernel.change;

import dev.tenon.kernel.keep.Ledger;
import dev.tenon.kernel.load.Jar;
import dev.tenon.kernel.load.Refused;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One jar of the drop folder for others, until it is known whether it was a good exchange. Those others
 * are called {@code .NAME.jar.before} meanwhile.
 */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);
  private static final String BEFORE = ".before";
  private static final String DISABLED = ".disabled";

  private final Path plugins;
  private final List<Path> aside = new ArrayList<>();
  private final List<Path> made = new ArrayList<>();

  Exchange(Path plugins) {
    this.plugins = plugins;
  }

  private Path before(Path file) {
    return plugins.resolve("." + file.getFileName() + BEFORE);
  }

  /** Puts a file in; one of that name is there at every moment, if there was one. */
  void in(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      Files.deleteIfExists(before(to));
      Files.createLink(before(to), to);
      aside.add(to);
    } else {
      made.add(to);
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes a file out. */
  void out(Path file) throws IOException {
    if (Files.exists(file)) {
      Files.move(file, before(file), StandardCopyOption.ATOMIC_MOVE);
      aside.add(file);
    }
  }

  /** It was a good one. */
  void keep() {
    for (Path file : aside) {
      try {
        Files.deleteIfExists(before(file));
      } catch (IOException e) {
        log.warn("{} could not be deleted: {}", before(file), e.toString());
      }
    }
  }

  /** It was not: everything is as it was before. */
  void undo() {
    try {
      for (Path file : aside.reversed()) {
        Files.move(before(file), file, StandardCopyOption.ATOMIC_MOVE);
      }
      for (Path file : made) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      log.error("{} could not be put back as it was: {}; look for files that end in {}", plugins, e.toString(), BEFORE);
    }
  }

  /**
   * Tidies up what a process left that died in the middle of one: what served last is put back, anything
   * else served its turn.
   */
  static void recover(Path plugins, Ledger ledger) throws IOException {
    if (!Files.isDirectory(plugins)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(plugins, Upload.HIDDEN + "*")) {
      for (Path each : left) {
        Upload.delete(each);
      }
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(plugins, ".*" + BEFORE)) {
      for (Path each : left) {
        recover(plugins, each, ledger);
      }
    }
  }

  private static void recover(Path plugins, Path left, Ledger ledger) throws IOException {
    String hidden = String.valueOf(left.getFileName());
    String name = hidden.substring(1, hidden.length() - BEFORE.length());
    if (servedLast(left, name, ledger)) {
      log.warn("{} was being exchanged when the process died; it is put back", plugins.resolve(name));
      Files.move(left, plugins.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.delete(left);
    }
  }

  private static boolean servedLast(Path left, String name, Ledger ledger) throws IOException {
    if (name.endsWith(DISABLED)) {
      String module = name.substring(0, name.length() - DISABLED.length());
      return ledger.good().values().stream().noneMatch(each -> each.module().equals(module));
    }
    try {
      String hash = Jar.read(left, name).hash();
      return ledger.good().values().stream().anyMatch(each -> each.overlay() && each.hash().equals(hash));
    } catch (Refused e) {
      return false;
    }
  }
}

package dev.tenon.kernel.load;

import dev.tenon.kernel.plan.Given;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's own copies of jars: what is loaded is never the file that somebody may overwrite. One
 * copy for each content; not thread-safe across calls for the same content.
 */
public final class Store {
  private static final Logger log = LoggerFactory.getLogger(Store.class);
  private final Path folder;

  private Store(Path folder) {
    this.folder = folder;
  }

  /** Keeps copies in a folder, which is made if it is missing. */
  public static Store in(Path folder) throws IOException {
    return new Store(Files.createDirectories(folder));
  }

  /**
   * Copies a jar, looks into the copy, and wraps it if it is plain.
   *
   * @param overlay whether it comes from the drop folder, so that every byte is checked
   * @param stamp grows whenever the file is written anew
   * @throws Refused when there is nothing in it that could be run
   */
  public synchronized Given take(Path file, boolean overlay, long stamp) throws IOException, Refused {
    Archive.hash(file);
    String name = String.valueOf(file.getFileName());
    Path raw = Files.createTempFile(folder, ".taken", ".jar");
    try {
      Files.copy(file, raw, StandardCopyOption.REPLACE_EXISTING);
      Jar facts = Jar.read(raw, name, overlay);
      Path copy = folder.resolve(facts.module().replaceAll("[^A-Za-z0-9_.-]", "_") + "-" + facts.hash() + ".jar");
      if (!Files.exists(copy)) {
        place(raw, facts, copy);
      }
      return new Given(facts.module(), facts.version(), facts.hash(), file, copy, overlay,
          facts.activator() ? List.of() : facts.services(), stamp);
    } finally {
      Files.deleteIfExists(raw);
    }
  }

  /** Deletes every copy but these. */
  public synchronized void retain(Set<Path> copies) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path file : files) {
        if (!copies.contains(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      log.debug("old copies in {} could not be deleted: {}", folder, e.toString());
    }
  }

  private void place(Path raw, Jar facts, Path copy) throws IOException {
    if (facts.bundle()) {
      Files.move(raw, copy, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Path wrapped = Files.createTempFile(folder, ".wrapped", ".jar");
    try {
      Wrapping.wrap(raw, facts, wrapped);
      Files.move(wrapped, copy, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(wrapped);
    }
  }
}

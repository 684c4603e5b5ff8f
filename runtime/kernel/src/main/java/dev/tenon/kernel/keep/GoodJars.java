package dev.tenon.kernel.keep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jars of builds that served, each in a folder of its own. */
final class GoodJars {
  private static final Logger log = LoggerFactory.getLogger(GoodJars.class);
  private final Path folder;

  GoodJars(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Gives the kernel's own copy a second name, by which it lives on. */
  void keep(Path original, Build build) throws IOException {
    Path own = Files.createDirectories(build.jar().getParent());
    try {
      Lines.sync(original);
      Files.createLink(build.jar(), original);
    } catch (FileAlreadyExistsException e) {
      log.debug("{} is kept already", build.jar());
    }
    Lines.sync(own);
    Lines.sync(folder);
  }

  /** Deletes all but these. */
  void retain(List<Build> builds) {
    Set<Path> wanted = new HashSet<>();
    builds.forEach(each -> wanted.add(each.jar().getParent()));
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
      for (Path each : folders) {
        if (!wanted.contains(each)) {
          delete(each);
        }
      }
    } catch (NoSuchFileException e) {
      log.debug("no build was kept yet");
    } catch (IOException e) {
      log.warn("old builds in {} cannot be deleted: {}", folder, e.toString());
    }
  }

  private static void delete(Path own) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(own)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(own);
  }
}

package dev.tenon.kernel.boot;

import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.swap.Modules;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jars of the distribution, looked at once. */
final class Distribution {
  private final Path folder;
  private final Store store;
  private final Modules modules;

  Distribution(Path folder, Store store, Modules modules) {
    this.folder = folder;
    this.store = store;
    this.modules = modules;
  }

  /** Those that the profile names, and every plug-in without an activator. */
  List<Given> jars(List<String> needed) throws IOException {
    List<Given> jars = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return jars;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path file : files) {
        try {
          Given jar = store.take(file, false, 0);
          if (jar.plain() || needed.contains(jar.module())) {
            jars.add(jar);
          }
        } catch (Refused e) {
          modules.refused(file, String.valueOf(file.getFileName()), String.valueOf(e.getMessage()));
        }
      }
    }
    return jars;
  }
}

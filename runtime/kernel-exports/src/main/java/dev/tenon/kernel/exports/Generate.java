package dev.tenon.kernel.exports;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The build step: {@code Generate OUT HIDDEN,HIDDEN,… PATH…}. Each path is a jar, a folder of jars or a
 * whole class path; a folder of classes on that counts when bnd has written its manifest. Jars whose file name starts with a hidden name are the launcher's own: they are looked at for holes,
 * none of their packages is exported.
 */
public final class Generate {
  private Generate() {}

  /** Writes the list, or says what is wrong and ends with 1. */
  public static void main(String[] args) throws Exception {
    if (args.length < 3) {
      System.err.println("usage: Generate OUT HIDDEN,… JAR|FOLDER…");
      System.exit(2);
    }
    Exports exports = read(args[1], Stream.of(args).skip(2).flatMap(each -> Stream.of(each.split(File.pathSeparator))).map(Path::of).toList());
    exports.problems().forEach(System.err::println);
    if (!exports.problems().isEmpty()) {
      System.exit(1);
    }
    Files.writeString(Path.of(args[0]), exports.text());
  }

  static Exports read(String hidden, List<Path> paths) throws Exception {
    List<PlatformJar> open = new ArrayList<>();
    List<PlatformJar> own = new ArrayList<>();
    for (Path file : jars(paths)) {
      PlatformJar jar = PlatformJar.read(file);
      boolean ours = Arrays.stream(hidden.split(",")).anyMatch(each -> !each.isEmpty() && jar.name().startsWith(each + "-"));
      (ours ? own : open).add(jar);
    }
    return Exports.of(open, own);
  }

  private static List<Path> jars(List<Path> paths) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isRegularFile(path.resolve("META-INF/MANIFEST.MF"))) {
        jars.add(path);
      } else if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.list(path)) {
          files.filter(each -> each.toString().endsWith(".jar")).sorted().forEach(jars::add);
        }
      } else {
        jars.add(path);
      }
    }
    return jars;
  }
}

package dev.tenon.kernel.keep;

import dev.tenon.kernel.plan.Given;
import java.nio.file.Path;
import java.util.List;

/**
 * A build that served once, and whose jar is kept.
 *
 * @param place where it ran
 * @param overlay from the drop folder, not from the distribution
 * @param jar the kept jar, called as the one that it was
 * @param sinceMillis when it last began to serve, since 1970
 */
public record Build(String place, String module, String version, String hash, boolean overlay, Path jar, long sinceMillis) {
  static final int WORDS = 8;

  /** What names this build of the module. */
  public String build() {
    return version + "-" + hash;
  }

  /** What its jar was called. */
  public String file() {
    return String.valueOf(jar.getFileName());
  }

  /** A folder of its own, so that the jar may keep its name, which may be what names the module. */
  static Build of(Path folder, Given given, long now) {
    return new Build(given.place(), given.module(), given.version(), given.hash(), given.overlay(),
        folder.resolve(given.module() + "-" + given.hash()).resolve(String.valueOf(given.file().getFileName())), now);
  }

  static Build of(Path folder, List<String> words) {
    return new Build(words.get(1), words.get(2), words.get(3), words.get(4), Boolean.parseBoolean(words.get(5)),
        folder.resolve(words.get(2) + "-" + words.get(4)).resolve(words.get(6)), Long.parseLong(words.get(7)));
  }

  List<String> words(String kind) {
    return List.of(kind, place, module, version, hash, Boolean.toString(overlay), file(), Long.toString(sinceMillis));
  }
}

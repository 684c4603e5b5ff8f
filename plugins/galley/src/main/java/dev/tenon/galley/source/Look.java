package dev.tenon.galley.source;

import dev.tenon.spi.config.Finding;
import java.util.List;
import java.util.Set;

/**
 * What lies in all sources at one moment.
 *
 * @param files in order of {@link SourceFile#ORDER}
 * @param whole the sources of which that is everything; the directory is the empty name
 * @param problems of the sources themselves
 */
public record Look(List<SourceFile> files, Set<String> whole, List<Finding> problems) {
  public Look {
    files = List.copyOf(files);
    whole = Set.copyOf(whole);
    problems = List.copyOf(problems);
  }

  /** Whether what is missing from these files at a path may still be there. */
  public boolean mayStillHold(String path) {
    return !whole.contains(SourceFile.sourceOf(path));
  }
}
